"""Every code the API can answer with, as a sentence in Chinese and in English. The one place where codes are worded."""

from collections.abc import Mapping

from schema import (
    detail_sentences,
    duty_sentences,
    industry_sentences,
    inspection_sentences,
    kiosk_sentences,
    security_sentences,
    sharing_sentences,
)

SENTENCES: Mapping[str, tuple[str, str]] = {
    **detail_sentences.SENTENCES,
    **duty_sentences.SENTENCES,
    **sharing_sentences.SENTENCES,
    **inspection_sentences.SENTENCES,
    **industry_sentences.SENTENCES,
    **kiosk_sentences.SENTENCES,
    **security_sentences.SENTENCES,
    # ------------------------------------------------------------------ refusals of mutations, and of reads
    "NOT_AVAILABLE": ("没有可以提供的信息。", "There is nothing available here."),
    "INVALID_INPUT": ("填写的内容不符合要求，请查看具体说明。", "The input breaks a rule; see the details."),
    "IDEMPOTENCY_KEY_REUSED": ("此请求编号已用于另一项请求。", "This idempotency key was used for another request."),
    "NOTICE_CHANGED": ("告知书已经更新，请重新阅读后再同意。", "The notice has changed; please read it again."),
    "RECIPIENT_REFUSED": ("不能向该单位作此用途的授权。", "This party cannot be authorised for this purpose."),
    "MARKS_REQUIRED": (
        "法人和非法人组织的授权须加盖公章并由法定代表人签章。",
        "An organisation authorises by seal and by its legal representative.",
    ),
    "MARK_GIVEN": (
        "此项签章已经作出；公章与法定代表人签章应分别以各自的登录身份办理。",
        "This mark is given already; each of the two is given by a sign-in of its own.",
    ),
    "OTHER_PERSON": (
        "贵单位要求公章与法定代表人签章由两人分别办理。",
        "The organisation wants its two marks from two people.",
    ),
    "TERMS_FIXED": (
        "授权内容已经确定，不能再作更改。",
        "The terms are settled and cannot be changed any more.",
    ),
    "PERIOD_USED_UP": (
        "本周期的查询次数已经用完，{until}起可再次查询。",
        "This period's uses are spent; looking is possible again from {until}.",
    ),
    "PURPOSE_LIMIT": (
        "授权超出该用途现行上限，请查看具体说明。",
        "The grant is beyond what its purpose allows now; see the details.",
    ),
    "GRANT_ENDED": ("授权已经终止或者暂停（{status}）。", "The grant has ended or is paused ({status})."),
    "NOT_GRANTED": (
        "查询内容超出授权范围，请查看具体说明。",
        "The operation asks for more than was granted; see the details.",
    ),
    "SCORE_NOT_APPLICABLE": ("海河分仅面向成年自然人。", "The Haihe score is for adults only."),
    "SCORE_ALREADY_OPEN": ("海河分已经开通。", "The Haihe score is open already."),
    "SCORE_NOT_OPEN": ("海河分尚未开通。", "The Haihe score is not open."),
    "REPORT_NOT_READY": ("报告文件正在生成，请稍候再试。", "The report's PDF is being set; try again in a moment."),
    "REPORT_TOO_LONG": (
        "期间内的记录超过{limit}条，请缩短查询期间。",
        "There are more than {limit} records in the period; choose a shorter one.",
    ),
    "EXPORT_PENDING": ("已有一份导出文件正在生成，请稍候。", "A copy is being made already; it is there in a moment."),
    "EXPORT_TOO_SOON": (
        "距上次申请不足一天，请稍后再申请导出。",
        "The last copy was asked for less than a day ago; please ask again later.",
    ),
    "EXPORT_NOT_READY": ("导出文件正在生成，请稍候再试。", "The copy is being made; try again in a moment."),
    "EXPORT_EXPIRED": (
        "导出文件已过期并已删除，请重新申请。",
        "The copy's term is over and its file is deleted; please ask for another.",
    ),
    "REVIEW_PENDING": ("已有一项人工复核申请正在处理。", "A human is asked already; their answer comes first."),
    "PAPERS_MISSING": ("材料不齐，不能查询。", "Papers are missing; nothing is looked at."),
    "COUNTER_CASE_ENDED": ("此次办理已经结束，请重新核验材料。", "This visit is over; papers are shown again."),
    "COUNTER_CASE_USED": ("此次办理最多查询{limit}次。", "A visit takes at most {limit} looks."),
    "COUNTER_BUSY": ("同时办理的不得超过{limit}件。", "At most {limit} cases stand open at once."),
    "ABSENT": ("缺少此项材料。", "This paper is missing."),
    "WRONG_FORM": ("所带材料的形式不符。", "This paper is needed in another form."),
    "NAMES": ("未写明查询人和被查询对象。", "It does not name who asks and about whom."),
    "SEAL": ("未加盖公章。", "It bears no seal."),
    "SIGNATURE": ("未签名（签章）。", "It is not signed."),
    "NO_SCAN": ("尚未扫描留存。", "No scan of it is kept."),
    "CASE_CLOSED": (
        "该异议已经办结或者撤回；仍有异议的，可以重新提出。",
        "The objection is answered or taken back; a new one can be filed.",
    ),
    "WRONG_STEP": (
        "该异议现在的办理状态不能作此操作。",
        "This cannot be done where the objection stands now.",
    ),
    "CASE_NOT_OPENED": ("请先受理该异议并声明无利害关系。", "Open the case first, stating that there is no conflict."),
    "CONFLICT_OF_INTEREST": (
        "与此事有利害关系的人员（本人、代理人、经办或者核查过有关信息的）不得办理。",
        "Whoever it is about, acts for them, or entered or verified the information does not handle it.",
    ),
    "CASE_TAKEN": ("该异议正由其他人员办理。", "Another handler has the case."),
    "FORWARDED_TOO_LATE": (
        "三个工作日已过，不能再转信息提供单位核查。",
        "The three working days are over; the provider cannot be asked any more.",
    ),
    "APPROVAL_NEEDED": ("不予更正的决定须由他人审批。", "A refusal needs somebody else's word."),
    "LETTER_NOT_READY": ("告知书正在生成，请稍候再试。", "The letter is being set; try again in a moment."),
    "STOP_OVERLAPS": ("该事由的计时已经中止。", "The clock stands for this cause already."),
    "TOO_MANY_OBJECTIONS": (
        "您正在办理的异议已达{limit}项，请待答复后再提出。",
        "{limit} of your objections are open; please wait for their answers first.",
    ),
    "REVIEW_NOT_OPEN": ("该复核申请已经答复或者终止。", "The request is answered, or over."),
    "NOT_STARTED": ("活动尚未开始。", "The offer has not begun."),
    "ENDED": ("活动已经结束。", "The offer is over."),
    "NOT_ELIGIBLE": (
        "暂不符合此项权益的条件，请查看具体说明。",
        "The offer's condition is not met yet; see the details.",
    ),
    "STOCK_COMMITTED": (
        "已领取的数量超过所填库存，请查看具体说明。",
        "More are taken already than there would be; see the details.",
    ),
    "SOLD_OUT": ("已经领完。", "Nothing is left."),
    "BUDGET_EXHAUSTED": ("优惠金额已经领完。", "The money for it is all taken."),
    "BUDGET_COMMITTED": (
        "已占用的金额超过所填预算，请查看具体说明。",
        "More is held and spent already than there would be; see the details.",
    ),
    "NOT_COMBINABLE": (
        "此项权益不能与本订单已核销的权益同时使用。",
        "This is not used in one order with what was redeemed in it.",
    ),
    "PERSON_LIMIT_REACHED": ("每人限领{limit}份，您已领满。", "Each person may take {limit}; you have taken them."),
    "TOO_MANY_DEFERRALS": (
        "您已领取和正在进行的免押、先享后付共{limit}项，了结或退还后可再领取。",
        "You have {limit} deposits waived and payments put off, taken or open; finish or give one back first.",
    ),
    "NOT_REDEEMABLE": ("此码不能核销，请顾客刷新后再试。", "This code cannot be redeemed; please ask for a fresh one."),
    "TOO_MANY_WRONG_CODES": (
        "本收银台输错次数过多，请稍后再试。",
        "This till has entered too many wrong codes; please wait a little.",
    ),
    "NOT_CLAIMED": (
        "此项权益已经使用、到期或失效，不能退还。",
        "This is used, over or void: there is nothing to give back.",
    ),
    "OFFLINE_CODE_OUT": (
        "离线码已经发出，门店可能已经使用；在门店可以上传的期限过去之前，此项权益不能退还，也不能换一家门店。",
        "A code for use without a network is out and may be used already; until no till can bring it any more, this is "
        "not given back, and not used elsewhere.",
    ),
    "ALREADY_REVERSED": ("这笔核销已经撤销。", "This redemption was undone before."),
    "DEFERRAL_FINISHED": (
        "这笔免押或后付已经了结，不能撤销。",
        "What this put off is finished: nothing is left to undo.",
    ),
    "REVERSAL_WINDOW_CLOSED": ("已超过可以撤销的时间。", "The time in which this could be undone is over."),
    "VERSION_CHANGED": ("内容已被更改，请重新读取后再试。", "It has been changed since; please read it again."),
    "WRONG_STATE": ("当前状态下不能办理此事项。", "The present state does not allow this."),
    "NOBODY_LEFT": (
        "此后将不足两名审批人，或者没有信息安全责任人，无人能够解除冻结、复核岗位或者关联登录，不能办理。请先补充人员。",
        "Fewer than two approvers, or no security officer, would be left to lift a freeze, confirm a post or link a "
        "sign-in. Bring somebody in first.",
    ),
    "ROW_NOT_TAKEN": ("该行还有其他问题：{reason}。", "The row cannot be taken as it stands: {reason}."),
    "SECOND_PERSON": ("此事项须由另一名工作人员办理。", "This needs another staff member than the one who began it."),
    "CODE_TAKEN": ("此代码已被使用。", "Another organisation has this code."),
    "LINK_TAKEN": ("此登录身份已属于他人。", "This sign-in belongs to somebody else."),
    "POST_LINKED": ("此岗位已有登录身份。", "This staff member has a sign-in already."),
    "KID_TAKEN": ("此密钥名称已被使用。", "The client has, or had, a key of this name."),
    "MANDATE_STANDS": ("此人已可代您办理。", "This person may act for you already."),
    "MANDATE_ENDED": (
        "该授权依据现不可用，请查看本单位有效的授权依据。",
        "This mandate is not in force; see those that are.",
    ),
    "TOO_MANY_UPLOADS": (
        "待用文件已达{limit}份，请先使用或等待其过期。",
        "{limit} uploads wait already; use them, or let them expire.",
    ),
    "TOO_MANY_BATCHES": (
        "本单位已有{limit}个文件正在接收或等待装载，请稍后再报送。",
        "{limit} of your files arrive or wait already; send this one later.",
    ),
    "UPLOAD_OFFSET": ("已收到{offset}字节，请从该处续传。", "The file so far ends at byte {offset}; go on from there."),
    "UPLOAD_COMPLETE": (
        "文件已全部收到，不能再续传或撤回。",
        "The whole file is here; it cannot be appended to or taken back.",
    ),
    "UPLOAD_LENGTH": ("文件长度与声明的{limit}字节不一致。", "The file is not as long as was said: {limit} bytes."),
    # ------------------------------------------------------------------ what a call can be refused for
    "UNAUTHENTICATED": ("请先登录。", "Please sign in."),
    "PROOF_REQUIRED": (
        "此令牌须绑定密钥，并与该密钥的持有证明一同使用。",
        "This needs a token bound to a key, and a proof by that key (DPoP).",
    ),
    "PROOF_INVALID": ("密钥持有证明不成立：{reason}。", "The DPoP proof does not hold: {reason}."),
    "PROOF_NONCE": (
        "密钥持有证明须包含服务端最近给出的随机数。",
        "The DPoP proof needs the nonce given with this answer.",
    ),
    "PROOF_SPENT": (
        "密钥持有证明已经用过，请另行出具。",
        "The DPoP proof was used before; each is good for one request.",
    ),
    "STREAM_NEEDED": (
        "订阅须通过 WebSocket（graphql-transport-ws）或者 text/event-stream 进行。",
        "A subscription needs a socket (graphql-transport-ws) or text/event-stream.",
    ),
    "SUBSCRIPTIONS_ONLY": (
        "此通道只接受订阅；查询和变更请使用 POST /graphql。",
        "Only subscriptions are served here; send queries and mutations to POST /graphql.",
    ),
    "CHANGES_FORGOTTEN": (
        "该位置之后的变更提示已不再保留，请重新读取全部内容后再订阅。",
        "What changed after this cursor is kept no more: read everything anew, then subscribe.",
    ),
    "TOO_MANY_STREAMS": ("同时打开的订阅过多。", "Too many subscriptions are open."),
    "TOKEN_EXPIRED": ("登录凭证已到期，请更新后继续。", "The token has expired; come again with a new one."),
    "FORBIDDEN": ("当前身份不能进行此项操作。", "This caller may not do this."),
    "STEP_UP_REQUIRED": ("此项操作需要更高等级的身份认证。", "This needs a stronger sign-in."),
    "FIELD_NOT_ALLOWED": ("请求的内容不在可查询范围内：{coordinates}。", "Not reachable here: {coordinates}."),
    "MARK_REQUIRED": (
        "查询记录时必须同时查询异议标注：{coordinates}。",
        "Select the objection mark too: {coordinates}.",
    ),
    "ONE_MUTATION": ("每次请求只能办理一项业务。", "Exactly one mutation field per operation."),
    "ONE_GRANTED": ("每次请求只能使用一份授权。", "Exactly one granted field per operation."),
    "ONE_AGENCY": ("每次请求只能查询一个主体。", "Exactly one agency field per operation."),
    "TOO_LARGE": ("请求过于复杂。", "The document is too large."),
    "PARSE_FAILED": ("请求语法有误：{reason}", "The document cannot be parsed: {reason}"),
    "VALIDATION_FAILED": ("请求内容有误：{reason}", "The document is not valid: {reason}"),
    "VARIABLES_INVALID": ("变量有误：{reason}", "The variables are not valid: {reason}"),
    "OPERATION_UNKNOWN": ("请指明要执行的操作。", "Say which operation to run."),
    "DOCUMENT_REQUIRED": (
        "此应用只能发送已登记的查询。",
        "This client may send only documents that are stored for it.",
    ),
    "DOCUMENT_UNKNOWN": (
        "没有登记此编号的查询，或者它已停用。",
        "No document of this name is stored for this client, or it is retired.",
    ),
    "PARAMETERS_INVALID": (
        "请求的参数缺失或者类型不对。",
        "A parameter of the request is missing or of another type.",
    ),
    "NOT_A_REQUEST": ("请求内容不是一项查询。", "The body is not a GraphQL request."),
    "BAD_REQUEST": ("请求格式有误。", "The request is malformed."),
    "BODY_TOO_LARGE": ("请求过大。", "The request body is too large."),
    "BODY_TOO_SLOW": ("请求内容迟迟没有送达。", "The request body did not come in time."),
    "HEADERS_TOO_LARGE": ("请求头过大。", "The request headers are too large."),
    "MEDIA_TYPE": ("请使用 application/json。", "Send application/json."),
    "NOT_ACCEPTABLE": ("无法提供所要求的格式。", "None of the accepted media types can be produced."),
    "METHOD_NOT_ALLOWED": ("不支持此请求方法。", "This method is not allowed here."),
    "BAD_CURSOR": ("翻页标记无效。", "The cursor is not valid here."),
    "PAGE_SIZE": ("每页条数应在1到{limit}之间。", "A page holds 1 to {limit} rows."),
    "RATE_LIMITED": ("请求过于频繁，请稍后再试。", "Too many requests; please try again later."),
    "UNAVAILABLE": ("服务暂时不可用，请稍后再试。", "The service is unavailable for a moment; please try again."),
    "OUTCOME_UNKNOWN": (
        "暂时无法确认是否已经办理，请稍后用同一请求编号重试，不会重复办理。",
        "It is not known yet whether this was done; repeat it with the same key: it will not be done twice.",
    ),
    "FAULT": ("服务出现故障，编号：{id}。", "Something broke here; reference {id}."),
}


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def sentence(code: str, language: str, **params: object) -> str:
    """The sentence for a code; a detail without one of its own (a category, say) is its own code."""
    chinese, english = SENTENCES.get(code, (code, code))
    text = english if language == "en" else chinese
    return text.format_map(_Blank({key: str(value) for key, value in params.items()}))
