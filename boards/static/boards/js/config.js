/** What the server told this page: who reads it, which board, what they may do, and the addresses. */
export const config = JSON.parse(document.getElementById("board-data").textContent);

export const me = config.member;
export const can = config.can;
export const boardsUrl = config.boardUrl?.replace(/boards\/[^/]+\/$/, "");
