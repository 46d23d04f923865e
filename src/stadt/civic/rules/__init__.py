"""The one small language in which forms, routing and catalogues say „when": bounded, without side effects."""

from stadt.civic.rules.language import Rule, compile_rule

__all__ = ["Rule", "compile_rule"]
