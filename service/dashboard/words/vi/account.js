/* Who is signed in, and the way to the pages of administrators, in Vietnamese. Keys as in ../en/account.js. */

export const strings = {
  "nav.settings": "Cài đặt",
  "nav.audit": "Nhật ký thao tác",
  "page.forbidden": "Vai trò của bạn không được mở trang này",
  "person.signed": "Đang đăng nhập:",
  "person.signout": "Đăng xuất",
  "person.role.agent": "Nhân viên",
  "person.role.supervisor": "Quản lý",
  "person.role.admin": "Quản trị viên",
};
