"""Every code the API can answer with, as a sentence in Chinese and in English. The one place where codes are worded."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
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
    "NOT_STARTED": ("活动尚未开始。", "The offer has not begun."),
    "ENDED": ("活动已经结束。", "The offer is over."),
    "NOT_ELIGIBLE": (
        "暂不符合此项权益的条件，请查看具体说明。",
        "The offer's condition is not met yet; see the details.",
    ),
    "SOLD_OUT": ("已经领完。", "Nothing is left."),
    "PERSON_LIMIT_REACHED": ("每人限领{limit}份，您已领满。", "Each person may take {limit}; you have taken them."),
    "NOT_REDEEMABLE": ("此码不能核销，请顾客刷新后再试。", "This code cannot be redeemed; please ask for a fresh one."),
    "NOT_CLAIMED": (
        "此项权益已经使用、到期或失效，不能退还。",
        "This is used, over or void: there is nothing to give back.",
    ),
    "ALREADY_REVERSED": ("这笔核销已经撤销。", "This redemption was undone before."),
    "REVERSAL_WINDOW_CLOSED": ("已超过可以撤销的时间。", "The time in which this could be undone is over."),
    "VERSION_CHANGED": ("内容已被更改，请重新读取后再试。", "It has been changed since; please read it again."),
    "WRONG_STATE": ("当前状态下不能办理此事项。", "The present state does not allow this."),
    "NOBODY_LEFT": (
        "此后将不足两人能够解除冻结,不能办理。",
        "Fewer than two people would be left who can lift a freeze.",
    ),
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
    "NOT_A_REQUEST": ("请求内容不是一项查询。", "The body is not a GraphQL request."),
    "BAD_REQUEST": ("请求格式有误。", "The request is malformed."),
    "BODY_TOO_LARGE": ("请求过大。", "The request body is too large."),
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
    # ------------------------------------------------------------------ details, by input path
    "SHEET_TYPE": ("请上传xlsx文件。", "Upload an xlsx file."),
    "SHEET_TOO_LARGE": ("表格过大。", "The sheet is too large."),
    "SHEET_FORMULA": ("表格中不得有公式。", "The sheet must hold no formulas."),
    "SHEET_HEAD": ("首行应为：{limit}。", "The first row must be: {limit}."),
    "SHEET_EMPTY": ("表格中没有任何主体。", "The sheet lists nobody."),
    "TOO_MANY_ROWS": ("最多{limit}行。", "At most {limit} rows."),
    "CELL_TEXT": ("单元格须为文本格式。", "The cell must be text: a number has lost its last digits."),
    "DUPLICATE": ("与第{limit}行重复。", "Stands in row {limit} already."),
    "TERM": ("期限须晚于现在，最长{limit}。", "Later than now, and at most {limit}."),
    "LONGER": ("须晚于原定期限。", "Must be later than it is."),
    "PRINTABLE": ("不得含有控制字符。", "Must hold no control characters."),
    "TEXT_OF_OTHER": ("用途为“其他”时须写明，且只有此时填写。", "OTHER says what it is, and nothing else does."),
    "EMPTY": ("不能为空。", "Must not be empty."),
    "PAST": ("必须晚于现在。", "Must be later than now."),
    "TERM_TOO_LONG": ("期限过长，最长{limit}。", "Too long; at most {limit}."),
    "OUT_OF_RANGE": ("超出范围：{limit}。", "Out of range: {limit}."),
    "STAGE_REQUIRED": ("请指明信贷环节：{limit}。", "Name the lending stage: {limit}."),
    "NEEDS_STAGE": ("须同时包括信贷环节：{limit}。", "Needs the lending stage {limit}."),
    "SEPARATE_CONSENT": (
        "贷后提示须单独同意，请阅读其告知书并填写哈希值。",
        "Monitoring is agreed to by a notice of its own: give its hash.",
    ),
    "NOT_MONITORED": ("此项授权不含贷后提示。", "This grant is not monitored."),
    "ONLY_FOR_FINANCING": ("信贷环节仅适用于融资信贷。", "Lending stages belong to financing only."),
    "AFTER_END": ("开始时间必须早于{limit}。", "Must begin before {limit}."),
    "OVER_CEILING": ("超出该用途的上限：{limit}。", "More than this purpose allows: {limit}."),
    "NOT_FOR_PURPOSE": ("该用途不能包括此项：{limit}。", "Not for this purpose; it may have: {limit}."),
    "WIDER": ("只能缩小范围，原为：{limit}。", "Terms can only be narrowed; they were: {limit}."),
    "TOO_MANY": ("最多{limit}项。", "At most {limit}."),
    "HASH_FORMAT": ("应为小写十六进制的SHA-256。", "A SHA-256 in lower-case hexadecimal."),
    "DOCUMENT_NOT_GRANTED": ("授权不包括此查询文本。", "The grant does not list this document."),
    "CAPACITY": ("您不具备此身份；当前身份为{limit}。", "This capacity is not yours; you act as {limit}."),
    "CODE_OVER": ("连接码无效或者已经过期，请对方重新生成。", "The code does not hold; ask for a fresh one."),
    "IDENTITY_NUMBER": ("不得填写证件号码。", "An identity number must not stand here."),
    "NUMBER_FORMAT": ("证件号码格式有误。", "This is not a number of that type."),
    "NUMBER_CHECK_DIGIT": ("证件号码校验位有误。", "The number's check digit is wrong."),
    "NUMBER_BIRTH_DATE": ("证件号码中的出生日期有误。", "The number's birth date is wrong."),
    "ONE_OF": ("应为其中之一：{limit}。", "One of {limit}."),
    "JSON_OBJECT": ("应为JSON对象。", "Must be a JSON object."),
    "ONLY_FOR_ORGANISATIONS": ("公共信用综合评价仅适用于组织。", "The evaluation is of organisations only."),
    "KEY_FORMAT": ("编号应为1到{limit}个可见字符。", "1 to {limit} printable ASCII characters."),
    "CONTROL_CHARACTER": ("含有不可见的字符。", "There is a character in it that nobody sees."),
    "NOT_YET": ("不能晚于现在。", "It must not be later than now."),
    "LENGTH": ("长度应为{limit}。", "The length must be {limit}."),
    "EXACTLY_ONE": ("请填写且只填写其中一项：{limit}。", "Give exactly one of {limit}."),
    "SUBJECT_KIND": ("此项权益仅面向{limit}。", "For natural persons only."),
    "ALL_NEEDED": ("请全部填写：{limit}。", "Give all of {limit}."),
    "MONTH_FORMAT": ("月份格式应为2026-11。", "A month is written as 2026-11."),
    "URL_FORMAT": (
        "网址格式有误，最长{limit}个字符，不得带有用户名、密码或片段。",
        "Not a usable URL: at most {limit} characters, without credentials or a fragment.",
    ),
    "URL_SCHEME": ("网址必须以https开头。", "The URL must be https."),
    "URL_ADDRESS": ("不能使用内部网络地址。", "Private and local addresses cannot be used."),
    "CODE_FORMAT": ("代码应为1到40个大写字母、数字或连字符。", "1 to 40 capital letters, digits or hyphens."),
    "PURPOSES_OF_KIND": (
        "查询用途仅适用于可以被授权的单位，且不能为空。",
        "Purposes belong to those who can be authorised.",
    ),
    "PROVIDER_KIND": (
        "信息提供单位须填写且只有其填写提供单位类别。",
        "A provider names its kind, and nobody else does.",
    ),
    "MANDATE_KIND": ("不能以此身份代办。", "Nobody acts for a person in this capacity."),
    "ANOTHER": ("须为他人。", "Must be another person."),
    "ONLY_FOR_SIGN_INS": ("签发方仅适用于登录身份，且须填写。", "A sign-in has an issuer, and nothing else does."),
    "FILE_TYPE": ("请上传PDF、JPEG或PNG文件。", "Upload a PDF, JPEG or PNG file."),
    "FILE_TOO_LARGE": ("文件过大，最大{limit}字节。", "The file is too large: at most {limit} bytes."),
    "TOO_LATE": ("上传用时过长，请重新上传。", "The upload took too long; please upload it again."),
    "ISSUER_RESERVED": ("接入程序的登录身份不能另行关联。", "A client's sign-in is linked as it is registered."),
    "GUARDIAN_BY_LAW": (
        "监护关系不能在此终止，请到服务窗口办理。",
        "A guardianship does not end here; go to the counter.",
    ),
    "POST_NOT_GIVEN": ("您只能安排下列岗位：{limit}。", "You give these posts: {limit}."),
    "STORE_OF_TILL": ("收银台须指明门店，其他岗位不得填写。", "A till names its store, and nobody else does."),
    "NO_SUCH_STORE": ("贵单位没有这一门店。", "The organisation has no such store."),
    "DAY_PASSED": ("不能早于今日。", "Must not be before today."),
    "SCOPES_OF_KIND": ("接入程序可以申请的权限：{limit}。", "A program here may have: {limit}."),
    "KEY_P256": ("须为P-256公钥。", "Must be a P-256 public key."),
    "TIER": ("需要达到“{limit}”。", "The level {limit} is needed."),
}


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def sentence(code: str, language: str, **params: object) -> str:
    """The sentence for a code; a detail without one of its own (a category, say) is its own code."""
    chinese, english = SENTENCES.get(code, (code, code))
    text = english if language == "en" else chinese
    return text.format_map(_Blank({key: str(value) for key, value in params.items()}))
