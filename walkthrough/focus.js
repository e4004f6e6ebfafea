// Where the keyboard goes on once what it had pressed is gone. Only the focus moves; nothing is written to the page.
const PATIENCE = 60 // frames for which a page may still be drawing

export default function ({ data, parentElement: root }) {
  if (root.went === data.turn) return
  root.went = data.turn
  const look = (left) => {
    const place = document.querySelector(`.st-key-${CSS.escape(data.place)}`)
    const target = place?.querySelector("h1, h2, h3") ?? place?.querySelector("button") ?? place
    if (!target) {
      if (left) requestAnimationFrame(() => look(left - 1))
      return
    }
    if (target.tagName !== "BUTTON") target.setAttribute("tabindex", "-1")
    target.focus()
  }
  look(PATIENCE)
}
