"""Gates a step must pass that depend on registers: licences, standing of parties and places, origin."""
