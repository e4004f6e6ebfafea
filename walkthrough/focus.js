export default function ({ data, parentElement: root }) {
  if (root.went === data.turn) return
  root.went = data.turn
  enter(data.place)
}
