"""The price index in SDMX: structures as SDMX-JSON, values as SDMX-CSV, queries as SDMX REST."""
