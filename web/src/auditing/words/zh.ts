/** The compliance auditor's words. */
export const zh = {
  "title": "合规审计",
  "text": "导出一段时间的查询日志，用于合规审计。文件中没有被查询人的身份；同一个人在一份文件里用同一个代号，换一份文件代号就不同。",
  "care": "文件须经保密审查后才能下载。下载后请用公开的核验程序（docs/verify_audit.py）对照公开日志核验。",
  "since": "开始日期",
  "until": "结束日期（含当日）",
  "channel": "渠道",
  "any": "全部",
  "do": "申请导出",
  "had": "已申请的导出",
  "none": "还没有申请过导出",
  "days": "{since} 至 {until}",
  "holds": "{looks} 次查询，日志位置 {first} 至 {last}",
  "hash": "文件摘要（SHA-256）{sha256}",
  "keptUntil": "可下载至 {at}",
  "download": "下载",
  "AuditState.REQUESTED": "正在生成",
  "AuditState.READY": "等待保密审查",
  "AuditState.EXPIRED": "已删除",
  "ReleaseOutcome.RELEASED": "可以下载",
  "ReleaseOutcome.REFUSED": "保密审查未通过",
} as const;
export type AuditingKey = keyof typeof zh;
