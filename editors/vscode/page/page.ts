import type { FromPage, ToPage } from "../src/shown.ts"
import { askedElement } from "./asked.ts"
import { changesElement } from "./changes.ts"
import { part } from "./element.ts"
import { blockElement } from "./talk.ts"

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void }

const api = acquireVsCodeApi()
const tell = (message: FromPage) => api.postMessage(message)

const talk = part("talk", HTMLElement)
const asked = part("asked", HTMLElement)
const changes = part("changes", HTMLElement)
const along = part("along", HTMLElement)
const facts = part("facts", HTMLElement)
const text = part("text", HTMLTextAreaElement)
const stop = part("stop", HTMLButtonElement)
const composer = part("composer", HTMLFormElement)

/** The question that is shown: one that comes again is not built anew, so that what was chosen stays. */
let askedId: string | undefined

/** Blocks that the person opened or closed, by their place: one that is drawn anew stays as they left it. */
function opened(): (readonly [at: number, isOpen: boolean])[] {
  return [...talk.children].flatMap((child, at) =>
    child instanceof HTMLDetailsElement && child.dataset.isChosen === "true" ? [[at, child.open] as const] : [],
  )
}

const SHOWS: { readonly [T in ToPage["type"]]: (message: Extract<ToPage, { type: T }>) => void } = {
  blocks({ from, blocks }) {
    const isAtEnd = isTalkAtEnd()
    const isOpen = opened()
    while (talk.children.length > from) talk.lastElementChild?.remove()
    for (const block of blocks) talk.append(blockElement(block))
    for (const [at, open] of isOpen) {
      const child = talk.children[at]
      if (at < from || !(child instanceof HTMLDetailsElement)) continue
      child.open = open
      child.dataset.isChosen = "true"
    }
    // A reader who went up to read is left where they are.
    if (isAtEnd) talk.scrollTop = talk.scrollHeight
  },
  facts({ facts: { state, model, mode, context, queued = 0 } }) {
    const name = model?.slice(model.indexOf("/") + 1)
    const room = context === undefined ? undefined : `context ${context} %`
    const waiting = queued === 0 ? undefined : `${queued} waiting`
    facts.textContent = [waiting, mode, name, room].filter((each) => each !== undefined).join(" · ")
    stop.hidden = state !== "running" && state !== "waiting"
    document.body.dataset.state = state
  },
  asked({ asked: question }) {
    const isAtEnd = isTalkAtEnd()
    asked.hidden = question === null
    if (question?.approvalId === askedId) return
    askedId = question?.approvalId
    asked.replaceChildren(...(question === null ? [] : askedElement(question, tell)))
    asked.scrollTop = 0
    // It takes room from the conversation, whose newest lines stay in sight.
    if (isAtEnd) talk.scrollTop = talk.scrollHeight
  },
  along({ text: words }) {
    along.hidden = words === ""
    along.textContent = words === "" ? "" : `with ${words}`
  },
  changes({ files }) {
    changes.replaceChildren(...changesElement(files, tell, () => showChanges(false)))
    showChanges(true)
  },
  draft({ text: words }) {
    text.value = text.value.trim() === "" ? words : `${words}\n${text.value}`
  },
  focus() {
    text.focus()
  },
}

function isTalkAtEnd(): boolean {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40
}

/** In the place of the conversation: a question and the composer stay where they are. */
function showChanges(isShown: boolean): void {
  const isOther = changes.hidden === isShown
  changes.hidden = !isShown
  talk.hidden = isShown
  if (!isOther) return
  if (isShown) changes.querySelector("button")?.focus()
  else {
    talk.scrollTop = talk.scrollHeight
    text.focus()
  }
}

function send(delivery: "steer" | "queue"): void {
  const words = text.value.trim()
  if (words === "") return
  text.value = ""
  showChanges(false)
  tell({ type: "say", text: words, delivery })
}

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  const show = SHOWS[data.type] as ((message: ToPage) => void) | undefined
  show?.(data)
})
composer.addEventListener("submit", (event) => {
  event.preventDefault()
  send("steer")
})
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
  event.preventDefault()
  send(event.altKey ? "queue" : "steer")
})
changes.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") showChanges(false)
})
talk.addEventListener("click", ({ target }) => {
  const summary = target instanceof Element ? target.closest("summary") : null
  if (summary?.parentElement instanceof HTMLDetailsElement) summary.parentElement.dataset.isChosen = "true"
})
stop.addEventListener("click", () => tell({ type: "stop" }))
tell({ type: "ready" })
