/* The alert of a conversation, and the check of a reply, in Vietnamese. */

export const strings = {
  "alertsection.heading": "Cảnh báo",
  "alertsection.past.other": "{n} cảnh báo trước đây",
  "draft.heading": "Kiểm tra câu trả lời",
  "draft.hint": "Kiểm tra ngay khi gõ. Không lưu gì, không gửi gì cho khách.",
  "draft.placeholder": "Gõ hoặc chèn điều bạn định nói…",
  "draft.fine": "Không có gì cần sửa",
  "draft.found.other": "{n} điểm nên xem lại",
  "draft.use": "Dùng câu này",
  "draft.clear": "Xóa",
  "draft.kind.calm_down": "Bảo khách bình tĩnh.",
  "draft.kind.blame": "Đổ lỗi cho khách.",
  "draft.kind.dismissal": "Đẩy khách đi chỗ khác.",
  "draft.kind.negative_wording": "Chỉ từ chối.",
  "draft.kind.jargon": "Thuật ngữ khó hiểu.",
  "draft.kind.address": "Cách xưng hô.",
  "draft.kind.canned": "Giống câu mẫu.",
  "draft.kind.repetition": "Đã nói rồi.",
  "draft.kind.missing_apology": "Chưa xin lỗi.",
  "draft.kind.unanswered_question": "Còn câu hỏi chưa trả lời.",
};
