import type { SecurityKey } from "./zh";

export const en: Readonly<Record<SecurityKey, string>> = {
  "title": "Unusual looks",
  "text": "Looks that rules found unusual. Here are their numbers and counts, and nobody whom they were at.",
  "none": "Nothing to look into",
  "by": "By {name} ({party})",
  "unknown": "nobody known",
  "on": "{day}, {count} looks",
  "take": "Look into it",
  "outcome": "What it was",
  "reason": "Why",
  "close": "Close it",
  "LookReviewState.OPEN": "Waiting",
  "LookReviewState.TAKEN": "Being looked into",
  "LookReviewState.DECIDED": "Waits for a second person",
  "LookReviewState.CLOSED": "Closed",
  "LookReviewOutcome.JUSTIFIED": "Justified",
  "LookReviewOutcome.MISTAKE": "A mistake",
  "LookReviewOutcome.MISUSE": "Misuse (takes a second person)",
  "LookReviewOutcome.RULE_TOO_STRICT": "The rule is too strict",
};
