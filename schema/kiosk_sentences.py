"""The sentences of kiosks' refusals (Art. 8(2)), in Chinese and in English."""

from collections.abc import Mapping

SENTENCES: Mapping[str, tuple[str, str]] = {
    "NO_CARD_READER": ("本终端没有读卡器，请到服务窗口办理。", "This kiosk has no reader; please come to the counter."),
    "DOCUMENT_NOT_READ": ("没有读到证照，请重新放置。", "No document was read; please lay it down again."),
    "DOCUMENT_REFUSED": ("该证照不能用于查询。", "This document will not do."),
    "KIOSK_VISIT_ENDED": (
        "本次查询已经结束，请重新放置证照。",
        "This visit is over; please lay your document down again.",
    ),
    "KIOSK_VISIT_USED": ("本次最多查询{limit}次。", "A visit takes at most {limit} looks."),
    "KIOSK_BUSY": ("本终端一小时内最多办理{limit}次，请稍后再来。", "At most {limit} visits begin here in an hour."),
    "DOCUMENT_KIND": ("证照与号码的种类不符。", "The document and the number are of different kinds."),
    "DOCUMENT_EXPIRED": ("证照已经过期。", "The document has expired."),
    "HOLDER_UNCHECKED": ("没有核验持证人。", "Whose document it is was not checked."),
    "FACE_ALONE": ("人脸识别不得作为唯一的验证方式。", "A face must not be the only way."),
    "FACE_WITHOUT_CONSENT": ("人脸识别须经本人单独同意。", "A face is compared only when its bearer agrees."),
}
