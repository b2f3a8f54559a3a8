import { visible } from "@skein/protocol/visible"
import type { Asked, FromPage } from "../src/shown.ts"
import { hunkLines, sizeOf } from "./diff.ts"
import { button, element } from "./element.ts"

type Answer = Extract<FromPage, { type: "answer" }>
type Tell = (message: FromPage) => void

/** Milliseconds in which a yes does not count: it was meant for what stood here before. */
const READING_MS = 400

/** The open question: what would be done, why it is asked, and each hunk to take or to leave. */
export function askedElement(asked: Asked, tell: Tell): readonly HTMLElement[] {
  const { approvalId, title, facts, hunks, canChoose, options } = asked
  const shownAt = performance.now()
  const boxes = hunks.map((_, at) => checkbox(at + 1, canChoose))
  const answer = (given: Omit<Answer, "type" | "approvalId">) => tell({ type: "answer", approvalId, ...given })
  const chosen = () => boxes.flatMap(({ checked }, at) => (checked ? [at + 1] : []))
  const allow = (given: Omit<Answer, "type" | "approvalId">) => {
    if (performance.now() - shownAt < READING_MS) return
    const hunksWanted = chosen()
    const isPart = canChoose && hunksWanted.length < hunks.length
    answer(isPart ? { answer: "allow_once", hunks: hunksWanted } : given)
  }
  const yes = button("primary", "Accept", () => allow({ answer: "allow_once" }))
  const lasting = options.includes("allow_always") ? lastingButtons(allow) : []
  const showChoice = () => {
    const count = chosen().length
    yes.textContent = canChoose && count < hunks.length ? `Accept ${count} of ${hunks.length}` : "Accept"
    yes.disabled = canChoose && count === 0
    for (const each of lasting) each.disabled = canChoose && count < hunks.length
  }
  for (const box of boxes) box.addEventListener("change", showChoice)
  const words = element("input", "instead")
  words.placeholder = "What instead?"
  words.setAttribute("aria-label", "What instead")
  const no = () =>
    answer(
      words.value.trim() === "" ? { answer: "reject_once" } : { answer: "reject_once", feedback: words.value.trim() },
    )
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") no()
  })
  const compare = hunks.length > 0 ? [button("", "Compare", () => tell({ type: "compare", approvalId }))] : []
  const preview = options.includes("preview") ? [button("", "Try in a copy", () => allow({ answer: "preview" }))] : []
  return [
    element("h2", "", element("span", "glyph waiting", "◌"), ` ${visible(title)}`),
    element(
      "dl",
      "",
      ...[
        ...facts,
        ...(lasting.length > 0 && asked.always !== undefined ? [["always", asked.always] as const] : []),
      ].flatMap(([name, value]) => [element("dt", "", name), element("dd", "", visible(value))]),
    ),
    element("div", "hunks", ...hunks.map((hunk, at) => hunkCard(hunk, boxes[at], `${at + 1} of ${hunks.length}`))),
    element("div", "answers", yes, button("", "Refuse", no), words),
    element("div", "answers more", ...compare, ...preview, ...lasting),
  ]
}

function checkbox(number: number, canChoose: boolean): HTMLInputElement {
  const box = element("input", "")
  box.type = "checkbox"
  box.checked = true
  box.hidden = !canChoose
  box.setAttribute("aria-label", `Hunk ${number}`)
  return box
}

function hunkCard(hunk: Asked["hunks"][number], box: HTMLInputElement | undefined, place: string): HTMLElement {
  const name = hunk.path.split("/").slice(-2).join("/")
  const head = element(
    "label",
    "head",
    ...(box === undefined ? [] : [box]),
    element("span", "", `${visible(name)}:${hunk.newStart}`),
  )
  head.append(element("span", "summary", `${place}  ${sizeOf([hunk])}`))
  return element("div", "card", head, hunkLines(hunk))
}

const SCOPES = { session: "Always, this session", project: "Always, this project", user: "Always, everywhere" } as const

function lastingButtons(allow: (given: Omit<Answer, "type" | "approvalId">) => void): HTMLButtonElement[] {
  return (Object.keys(SCOPES) as (keyof typeof SCOPES)[]).map((scope) => {
    const made = button("", SCOPES[scope], () => allow({ answer: "allow_always", scope }))
    return made
  })
}
