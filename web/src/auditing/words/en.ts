import type { AuditingKey } from "./zh";

/** The compliance auditor's words. */
export const en: Record<AuditingKey, string> = {
  "title": "Compliance audit",
  "text": "Export the log of looks of some days for an audit. At whom they were is not in the file; one person has one word in one file, and another word in the next.",
  "care": "The file leaves after a confidentiality review. Check it against the public log with the published program (docs/verify_audit.py).",
  "since": "First day",
  "until": "Last day, counted",
  "channel": "Channel",
  "any": "All",
  "do": "Ask for the export",
  "had": "Exports asked for",
  "none": "No export was asked for yet",
  "days": "{since} to {until}",
  "holds": "{looks} looks, positions {first} to {last} of the log",
  "hash": "SHA-256 of the file {sha256}",
  "keptUntil": "Can be downloaded until {at}",
  "download": "Download",
  "AuditState.REQUESTED": "Being made",
  "AuditState.READY": "Waits for review",
  "AuditState.EXPIRED": "Deleted",
  "ReleaseOutcome.RELEASED": "Can be downloaded",
  "ReleaseOutcome.REFUSED": "Refused by the review",
};
