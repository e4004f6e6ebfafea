// Ways to fields of the page. A field is found by the class that Streamlit makes of its key.
const FIELDS = ["textarea", "[role=spinbutton]", "input", "[role=combobox]", "button"]
const PATIENCE = 40 // looks, one in each twentieth of a second, until the field is drawn

function enter(key, looks = PATIENCE) {
  const place = document.querySelector(`.st-key-${CSS.escape(key)}`)
  const fields = FIELDS.flatMap((css) => (place ? [...place.querySelectorAll(css)] : []))
  const field = fields.find((one) => one.getClientRects().length && !one.disabled)
  if (field) {
    place.scrollIntoView({ block: "center" })
    field.focus({ preventScroll: true })
  } else if (looks) {
    setTimeout(enter, 50, key, looks - 1)
  }
}

export default function ({ data, parentElement: root }) {
  root.querySelector(".told").textContent = data.told
  const rows = data.ways.map((way) => {
    const row = document.createElement("li")
    const button = document.createElement("button")
    const words = document.createElement("span")
    button.type = "button"
    words.textContent = way.words
    button.append(words, way.why ? ` ${way.why}` : "")
    button.onclick = () => enter(way.to)
    row.append(button)
    return row
  })
  root.querySelector("ul").replaceChildren(...rows)
  if (data.enter) enter(data.enter)
}
