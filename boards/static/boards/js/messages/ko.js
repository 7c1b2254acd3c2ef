export default {
  close: "닫기",
  cancel: "취소",
  confirm: "확인",
};
