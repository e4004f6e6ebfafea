// Text in the visitor's own browser. `data.text` is null until this session knows what is kept: then it is
// read and sent once; afterwards it is written whenever it changes. Nothing of it is kept on the server.
export default function ({ data, setStateValue }) {
  let held = null
  try {
    held = window.localStorage.getItem(data.name)
  } catch {
    // a browser that keeps nothing: the file that can be downloaded is left
  }
  if (data.text === null) {
    setStateValue("held", held ?? "")
    return
  }
  if (data.text === (held ?? "")) return
  try {
    if (data.text) window.localStorage.setItem(data.name, data.text)
    else window.localStorage.removeItem(data.name)
  } catch {
    setStateValue("refused", true)
  }
}
