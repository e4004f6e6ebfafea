// Where the keyboard goes: shared by the components that lead it. Only the focus moves; nothing is written to the page.
const FIELDS = ["textarea", "[role=spinbutton]", "input", "[role=combobox]", "button"]
const PATIENCE = 40 // looks, one in each twentieth of a second, until the place is drawn

// The place is found by the class that Streamlit makes of its key. In it the heading comes first, then a field. What is
// drawn and has neither takes the keyboard itself, and at once: later it would take it away from where the reader has gone.
function enter(key, looks = PATIENCE) {
  const place = document.querySelector(`.st-key-${CSS.escape(key)}`)
  const heading = place?.querySelector("h1, h2, h3")
  const fields = FIELDS.flatMap((css) => (place ? [...place.querySelectorAll(css)] : []))
  const field = fields.find((one) => one.getClientRects().length && !one.disabled)
  const drawn = place && !place.querySelector('[data-testid="stSkeleton"]')
  const target = heading ?? field ?? (drawn || !looks ? place : null)
  if (!target) {
    if (looks) setTimeout(enter, 50, key, looks - 1)
    return
  }
  if (target === field) place.scrollIntoView({ block: "nearest" })
  else target.setAttribute("tabindex", "-1")
  target.focus({ preventScroll: target === field })
}
