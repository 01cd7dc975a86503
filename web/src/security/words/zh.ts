/** The security officer's words. */
export const zh = {
  "title": "异常查询",
  "text": "系统按规则列出需要核查的查询。这里只有查询的编号和次数，没有被查询人的身份。",
  "none": "没有需要核查的查询",
  "by": "查询人：{name}（{party}）",
  "unknown": "身份不明",
  "on": "{day}，共{count}次",
  "take": "由我核查",
  "outcome": "核查结果",
  "reason": "理由",
  "close": "结束核查",
  "LookReviewState.OPEN": "待核查",
  "LookReviewState.TAKEN": "核查中",
  "LookReviewState.DECIDED": "待第二人确认",
  "LookReviewState.CLOSED": "已结束",
  "LookReviewOutcome.JUSTIFIED": "有正当理由",
  "LookReviewOutcome.MISTAKE": "误操作",
  "LookReviewOutcome.MISUSE": "违规查询（须第二人确认）",
  "LookReviewOutcome.RULE_TOO_STRICT": "规则过严",
} as const;
export type SecurityKey = keyof typeof zh;
