"""Webhooks: whoever asked for it is told of releases, correction notices and standings as they become public.

Form and signatures follow the Standard Webhooks specification 1.0.0. An event is written in the transaction
that publishes (`event_outbox`); a thread delivers it later, at least once (`delivering`, `delivery_queue`).
"""
