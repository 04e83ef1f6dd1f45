// A frame that takes the focus has no :focus in its page: what stands around it wears the ring instead.
addEventListener("blur", () => setTimeout(() => {
  const frame = document.activeElement;
  if (frame?.matches("iframe")) (frame.closest(".mail") ?? frame).classList.add("is-focus");
}));
addEventListener("focus", () => document.querySelectorAll(".mail.is-focus, iframe.is-focus").forEach((one) => one.classList.remove("is-focus")));
