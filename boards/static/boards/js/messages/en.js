export default {
  close: "Close",
  cancel: "Cancel",
  confirm: "Confirm",
};
