"""Purposes and kinds of information in English, for notices read in English. The Chinese is `audit.sentences`'."""

from collections.abc import Mapping

PURPOSES: Mapping[str, str] = {
    "MARKET_TRANSACTIONS": "market transactions",
    "BUSINESS_OPERATION": "business operation",
    "INDUSTRY_MANAGEMENT": "industry management",
    "EMPLOYMENT": "employment",
    "FINANCING": "financing",
    "PUBLIC_WELFARE": "public welfare",
    "OTHER": "other purposes",
}
CATEGORIES: Mapping[str, str] = {
    "REGISTRATION": "basic registration information",
    "JUDICIAL": "judgments and their enforcement",
    "ADMINISTRATIVE": "administrative information",
    "PROFESSIONAL": "professional titles and occupations",
    "ABNORMAL_OPERATION": "listings for abnormal operation",
    "SERIOUS_DISHONESTY": "listings for serious dishonesty",
    "CONTRACT": "performance of contracts",
    "COMMITMENT": "commitments and their performance",
    "EVALUATION_RESULT": "results of evaluations",
    "COMPLIANCE": "observance of laws and regulations",
    "HONOUR": "honours for honesty",
    "INTELLECTUAL_PROPERTY": "intellectual property",
    "SELF_SUBMITTED": "information submitted by the subject",
}
