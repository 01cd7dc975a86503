"""A notice as one plain sentence, in Chinese or English, from its kind and parameters. Pure."""

from collections.abc import Mapping

from notices.kinds import EventKind

_NOTICES: Mapping[EventKind, tuple[str, str]] = {
    EventKind.GRANT_ISSUED: (
        "您已授权{recipient}查询您的信息，有效期至{until}。您可以随时撤回。",
        "You have let {recipient} look at your information until {until}. You can take this back at any time.",
    ),
    EventKind.GRANT_REVOKED: (
        "您已撤回对{recipient}的授权，对方即时起不能再查询。",
        "You have taken back what you granted to {recipient}; they can look no more.",
    ),
    EventKind.GRANT_REQUESTED: (
        "{recipient}请求查询您的信息。是否同意由您决定，您也可以缩小范围；不作答复，请求到期自动失效。",
        "{recipient} asks to look at your information. You decide, and may narrow it; unanswered, the request lapses.",
    ),
    EventKind.GRANT_MARKED: (
        "对{recipient}的授权已有一枚签章，另一枚签章作出后生效；到期未作出的，自动失效。",
        "The grant to {recipient} has one mark and holds once the other is given; without it, it lapses.",
    ),
    EventKind.GRANT_REJECTED: (
        "您已拒绝{recipient}的查询请求。",
        "You have refused {recipient}'s request.",
    ),
    EventKind.GRANT_PAUSED: (
        "您已暂停对{recipient}的授权，对方暂时不能查询。您可以随时恢复或者撤回。",
        "You have paused what you granted to {recipient}. You can resume it or take it back at any time.",
    ),
    EventKind.GRANT_RESUMED: (
        "您已恢复对{recipient}的授权。您可以随时暂停或者撤回。",
        "You have resumed what you granted to {recipient}. You can pause it or take it back at any time.",
    ),
    EventKind.GRANT_RELINQUISHED: (
        "{recipient}已放弃您给予的授权，不能再查询您的信息。",
        "{recipient} has handed back what you granted, and can look no more.",
    ),
    EventKind.RECORDS_CHANGED: (
        "您获准关注的信息有变化。",
        "Information that you may follow has changed.",
    ),
    EventKind.RECORD_CORRECTED: (
        "您的信用信息有更正。更正前可能看过有关内容的{recipients}已收到更正通知，通知不含具体内容。",
        "Your information was corrected. {recipients}, who may have seen it before, have been told, without content.",
    ),
    EventKind.MONITORING_ENDED: (
        "您已停止向{recipient}发送信息变化提示，授权的其他部分不变。",
        "{recipient} is told of changes no more; the rest of what you granted stays as it is.",
    ),
    EventKind.SCORE_OPENED: (
        "您的海河分已开通。您可以随时关闭，关闭后分值和影响因素即删除。",
        "Your Haihe score is open. You can close it at any time; its value and factors are then deleted.",
    ),
    EventKind.SCORE_CLOSED: (
        "您的海河分已关闭，分值和影响因素已删除，未使用的权益已失效。",
        "Your Haihe score is closed; its value and factors are deleted, and unused claims are void.",
    ),
    EventKind.SCORE_REVIEW_ASKED: (
        "您的海河分人工复核申请已收到，将由工作人员在十个工作日内答复并说明理由。",
        "A human will look at your Haihe score again, and answer with reasons within ten working days.",
    ),
    EventKind.SCORE_REVIEW_ANSWERED: (
        "您的海河分人工复核申请已有答复，并附有理由；海河分随后重新计算。",
        "Your request for a human look at your Haihe score is answered, with reasons; the score is computed anew.",
    ),
    EventKind.CLAIM_REDEEMED: (
        "您领取的“{offer}”已在{store}核销。",
        'Your "{offer}" was redeemed at {store}.',
    ),
    EventKind.REDEMPTION_REVERSED: (
        "“{offer}”在{store}的核销已撤销。是否还能使用，请查看您领取的权益。",
        'The redemption of "{offer}" at {store} was undone. Your claims show whether you can still use it.',
    ),
    EventKind.CLAIM_VOIDED: (
        "您领取的“{offer}”因门店停业已失效，不占您的领取次数；权益仍在进行的，可以重新领取。",
        'Your "{offer}" is void, because its store is closed. It does not count: you may take another.',
    ),
    EventKind.DEFERRAL_FINISHED: (
        "“{offer}”在{store}的免押或后付已了结。",
        'What "{offer}" put off at {store} is finished.',
    ),
    EventKind.PARTY_FROZEN: (
        "贵单位在本服务中的使用已被暂停。如有异议，请联系公共信用管理机构。",
        "Your organisation has been stopped from using this service. To object, contact the credit institution.",
    ),
    EventKind.HELPER_GIVEN: (
        "您委托的协助人自即日起可以代您查看信息、领取权益，至{until}。您可以随时终止。",
        "Your helper may look and take offers for you until {until}. You can end this at any time.",
    ),
    EventKind.HELPER_ENDED: (
        "一项代办关系已经终止，协助人即时起不能再代为办理。",
        "A helper's mandate has ended; nobody acts under it any more.",
    ),
    EventKind.LOOK_QUESTIONED: (
        "您反映的一次不认识的查询，已告知查询单位和公共信用管理机构。",
        "The look that you do not recognise has been reported to whoever looked and to the credit institution.",
    ),
    EventKind.COUNTER_OWN: (
        "服务窗口凭您的有效身份证件受理了对您本人信用信息的查询（{number}）。如果不是您本人到场，请尽快提出。",
        "The counter took in a query about your own record on your identity document ({number}). If that was not you, "
        "please say so soon.",
    ),
    EventKind.COUNTER_OTHER: (
        "{applicant}持有关证明材料到服务窗口查询了您的信用信息（{number}）。如果您不知情，请尽快提出。",
        "{applicant} came to the counter with papers and asked about your record ({number}). If you know nothing of "
        "it, please say so soon.",
    ),
    EventKind.KIOSK_LOOKED: (
        "有人凭您的证照在{desk}查询了您的信用信息（{number}）。如果不是您本人（本单位）办理，请尽快提出。",
        "Your record was looked at on your document at the kiosk {desk} ({number}). If that was not you, please say so "
        "soon.",
    ),
    EventKind.GLASS_BROKEN: (
        "公共信用管理机构的工作人员在紧急情况下，未经您授权查看了您的信用信息（{number}），理由是：{reason}。另一名工作人员"
        "须在一小时内确认；如有疑问，您可以在查询记录中提出。",
        "In an emergency, staff of the credit institution looked at your record without your authorisation ({number}): "
        "{reason}. A second person has to confirm it within the hour; you can question it in your trail.",
    ),
    EventKind.GLASS_CONTESTED: (
        "对您信用信息的一次紧急查看（{number}），另一名工作人员不予认可，查看已经停止，正在复核。",
        "A second person does not accept the emergency look at your record ({number}); it has stopped and is under "
        "review.",
    ),
    EventKind.GLASS_UNCONFIRMED: (
        "对您信用信息的一次紧急查看（{number}）一小时内无人确认，查看已经停止，正在复核。",
        "Nobody confirmed the emergency look at your record ({number}) within the hour; it has stopped and is under "
        "review.",
    ),
    EventKind.COMPLAINT_OPENED: (
        "社会信用主管部门已受理以您（单位）名义提出的投诉（{number}）：“{words}”。工作人员在办理期间会查看与投诉有关的信息，每次查看都"
        "在您的查询记录中。如果您没有提出投诉，请尽快告知。",
        "The supervising department has taken up a complaint in your name ({number}): {words}. Its staff will look at "
        "what it is about, each time in your trail. If you did not complain, please say so soon.",
    ),
    EventKind.COMPLAINT_CLOSED: (
        "您的投诉（{number}）已经办结：{finding}。工作人员不再查看您的信息。",
        "Your complaint ({number}) is closed: {finding}. Nothing of yours is looked at any more.",
    ),
    EventKind.COMPLAINT_LAPSED: (
        "您的投诉（{number}）办理期限已过，工作人员不能再查看您的信息；如仍需办理，请重新提出。",
        "The term of your complaint ({number}) is over, and nothing of yours is looked at any more. If you still want "
        "it looked into, please complain again.",
    ),
    EventKind.INCIDENT_TOLD: (
        "{since}至{until}期间，您的信用信息受到一起信息安全事件（{number}）影响：{what}。您可以：{advice}。",
        "Between {since} and {until} your information was touched by an incident ({number}): {what}. What you can do: "
        "{advice}.",
    ),
    EventKind.OBJECTION_FILED: (
        "您的异议申请（{number}）已收到，有关信息已作异议标注。",
        "Your objection ({number}) is received; what it contests carries a mark.",
    ),
    EventKind.OBJECTION_WITHDRAWN: (
        "您的异议申请（{number}）已撤回，异议标注已取消。",
        "Your objection ({number}) is taken back, and its mark is gone.",
    ),
    EventKind.OBJECTION_SAID: (
        "您的异议申请（{number}）有新的留言，办理时限照常计算。",
        "There is a new message in your objection ({number}); its clock runs on.",
    ),
    EventKind.OBJECTION_STOPPED: (
        "您的异议申请（{number}）需要检验、检测、检疫、鉴定或者专家评审，所需时间依法不计入办理时间。",
        "Your objection ({number}) needs an examination by experts; the days it takes do not count (Art. 12).",
    ),
    EventKind.OBJECTION_RESUMED: (
        "您的异议申请（{number}）恢复计算办理时间，截止日请在应用中查看。",
        "The clock of your objection ({number}) runs again; the app shows the last day.",
    ),
    EventKind.OBJECTION_DUE_MOVED: (
        "放假安排公布后，您的异议申请（{number}）的办理截止日为{due}。",
        "The year's holidays are announced: the last day for your objection ({number}) is now {due}.",
    ),
    EventKind.OBJECTION_OVERDUE: (
        "一件异议申请已经超过办理期限。",
        "An objection is later than its term.",
    ),
    EventKind.OBJECTION_ANSWERED_TEXT: (
        "您的异议申请（{number}）已有处理结果，并附有理由和信息来源，可以下载告知书。",
        "Your objection ({number}) is answered, with reasons and the source; the letter can be downloaded.",
    ),
    EventKind.OBJECTION_TO_POST: (
        "您的异议申请（{number}）已有处理结果，告知书交付邮寄。",
        "Your objection ({number}) is answered; the letter goes out by post.",
    ),
    EventKind.OBJECTION_TO_COLLECT: (
        "您的异议申请（{number}）已有处理结果，请携带有效身份证件到服务窗口领取告知书。",
        "Your objection ({number}) is answered; the letter waits at the counter. Please bring your identity card.",
    ),
    EventKind.EXPORT_REQUESTED: (
        "已收到您导出本人全部信息的申请，文件生成后可在应用中下载。",
        "You asked for a copy of all your information; it can be downloaded here once it is made.",
    ),
    EventKind.EXPORT_READY: (
        "您的信息导出文件已生成，七日内可以下载，期满即删除。",
        "The copy of your information is ready. It can be downloaded for seven days and is then deleted.",
    ),
    EventKind.OBJECTION_FORWARDED: (
        "公共信用管理机构请贵单位核查一条被提出异议的信息。",
        "The credit institution asks you to verify a record that is contested.",
    ),
    EventKind.OBJECTION_VERIFIED: (
        "信息提供单位已答复一项异议核查。",
        "An information provider has answered about a contested record.",
    ),
    EventKind.OBJECTION_ANSWERED: (
        "您的异议申请（{number}）已有处理结果，并附有理由和信息来源。如不服，可以查看其中的救济途径。",
        "Your objection {number} is answered, with reasons and the source. It says what you can do next.",
    ),
    EventKind.EVALUATION_BASIS_CHANGED: (
        "贵单位的公共信用综合评价所依据的信息已经变更，评价已标注“依据已变更，待重新评价”，并已请评价机关重新评价。",
        "A record that your evaluation rests on was changed: it is marked so, and its source is asked for a new one.",
    ),
    EventKind.EVALUATION_TO_RENEW: (
        "贵单位作出的一项公共信用综合评价所依据的信息已经变更，请重新评价并报送。",
        "A record that an evaluation of yours rests on was changed. Please evaluate anew, and send it.",
    ),
    EventKind.SUBJECT_RENAMED: (
        "您登记的名称已按主管单位提供的信息变更，原名称仍保留可查。如有不符，可以提出异议。",
        "Your registered name was changed as its authority reported; the former one is kept. You can object.",
    ),
    EventKind.RECTIFICATION_ORDERED: (
        "主管部门要求贵单位整改，请在期限内答复。",
        "The supervisor orders your institution to put something right; please reply within its term.",
    ),
    EventKind.RECTIFICATION_MOVED: (
        "一件整改有了新的进展，请查看。",
        "An order to put something right has moved on.",
    ),
    EventKind.SHARE_ASKED: (
        "收到一项信息共享申请，须经两人同意。",
        "Somebody asks for a share; two people have to agree to it.",
    ),
    EventKind.SHARE_APPROVED: (
        "申请的信息共享已经两人同意，自即日起可以读取变更。",
        "Two people agreed to a share; its changes are read from now on.",
    ),
    EventKind.SHARE_RETURNED: (
        "申请的信息共享未获同意，请查看理由。",
        "A share was refused; its reason is with it.",
    ),
    EventKind.SHARE_ENDING: (
        "一项信息共享即将到期，仍有需要的，请重新申请。",
        "A share ends soon; where it is still needed, ask anew.",
    ),
    EventKind.SHARE_ENDED: (
        "一项信息共享已经终止，不能再读取。",
        "A share was ended, and is read no more.",
    ),
    EventKind.SUBJECT_RENUMBERED: (
        "您登记的证件号码已按主管单位提供的信息变更，原号码仍保留可查。如有不符，可以提出异议。",
        "Your registered number was changed as its authority reported; the former one is kept. You can object.",
    ),
    EventKind.SUBJECT_MERGED: (
        "按主管单位提供的信息，您以两个证件号码登记的信用记录已合并为一份，两处的记录、授权和查询记录都在其中；"
        "两处都开通的海河分只保留一个。如有不符，请尽快提出异议。",
        "As its authority reported, your records under two numbers are one now, with every record, authorisation and "
        "look of both; of two open scores one is kept. If this is wrong, object soon.",
    ),
}
_TEXT_MESSAGES: Mapping[EventKind, str] = {
    EventKind.COUNTER_OWN: "服务窗口刚刚受理了对您本人信用信息的查询",
    EventKind.COUNTER_OTHER: "刚刚有人持证明材料到服务窗口查询了您的信用信息",
    EventKind.KIOSK_LOOKED: "刚刚有人凭您的证照在自助终端查询了您的信用信息",
    EventKind.GLASS_BROKEN: "刚刚有工作人员在紧急情况下查看了您的信用信息",
    EventKind.GLASS_CONTESTED: "对您信用信息的一次紧急查看未获认可，已经停止",
    EventKind.COMPLAINT_OPENED: "社会信用主管部门已受理以您（单位）名义提出的投诉",
    EventKind.INCIDENT_TOLD: "您的信用信息受到一起信息安全事件影响",
    EventKind.GLASS_UNCONFIRMED: "对您信用信息的一次紧急查看无人确认，已经停止",
    EventKind.OBJECTION_FILED: "您刚刚提出一件异议申请",
    EventKind.OBJECTION_WITHDRAWN: "您刚刚撤回一件异议申请",
    EventKind.GRANT_ISSUED: "您刚刚作出一项查询授权",
    EventKind.HELPER_GIVEN: "您刚刚委托了一位协助人",
    EventKind.GRANT_MARKED: "贵单位的一项查询授权刚刚有了一枚签章",
    EventKind.GRANT_RESUMED: "您刚刚恢复了一项查询授权",
    EventKind.EXPORT_REQUESTED: "您刚刚申请导出本人全部信息",
    EventKind.OBJECTION_FILED: "您刚刚提出了一项异议申请",
    EventKind.OBJECTION_WITHDRAWN: "您刚刚撤回了一项异议申请",
    EventKind.SUBJECT_RENAMED: "您登记的名称刚刚变更",
    EventKind.SUBJECT_RENUMBERED: "您登记的证件号码刚刚变更",
    EventKind.SUBJECT_MERGED: "您以两个证件号码登记的记录刚刚合并",
    EventKind.SCORE_OPENED: "您的海河分刚刚开通",
    EventKind.SCORE_CLOSED: "您的海河分刚刚关闭",
}


# What one has been waiting for, and did not do oneself.
_NEWS: Mapping[EventKind, str] = {
    EventKind.OBJECTION_ANSWERED_TEXT: "您的异议申请已有处理结果，请在应用中查看或者到服务窗口领取告知书",
    EventKind.OBJECTION_TO_COLLECT: "您的异议申请已有处理结果，请携带有效身份证件到服务窗口领取告知书",
}


def notice(kind: EventKind, params: Mapping[str, str], language: str) -> str:
    """The notice's sentence, for the one it is about."""
    chinese, english = _NOTICES[kind]
    return (english if language == "en" else chinese).format_map(params)


def text_message(kind: EventKind) -> str:
    """What a text message says: that something happened, and no name; others read over a shoulder."""
    if kind in _NEWS:
        return f"【海河信用】{_NEWS[kind]}。"
    return f"【海河信用】{_TEXT_MESSAGES[kind]}。如非本人操作，请立即在应用中查看。"
