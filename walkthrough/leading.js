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
}
