import type { PersonQuestion, QuestionAnswer } from "@skein/protocol/questions"
import type { Panel, PanelStep } from "../panel.ts"
import { Reading } from "../reading.ts"
import type { Field, FormValues } from "./field.ts"
import { formPanel } from "./form.ts"

/** One question of the model's, and who hears the answer. */
export interface QuestionOptions {
  readonly question: PersonQuestion
  /** `2 of 3`, or who asks where it is not the session that is seen. */
  readonly aside?: string | undefined
  /** Milliseconds on any scale. */
  readonly now: () => number
  /** Called once. Undefined: the person left it. */
  answered(answer: QuestionAnswer | undefined): void
}

/** Options to choose from, and a line for words of one's own. What is typed before it can be read goes nowhere. */
export function questionPanel(options: QuestionOptions): Panel {
  const { question, aside } = options
  const outcome: { answer?: QuestionAnswer } = {}
  const form = formPanel({
    title: aside === undefined ? question.header : `${question.header}  (${aside})`,
    text: question.question,
    fields: fieldsOf(question),
    submit: (values) => {
      outcome.answer = answerOf(values)
      return []
    },
  })
  return asking(form, new Reading(options.now), false, {
    now: options.now,
    over: () => options.answered(outcome.answer),
  })
}

const CHOSEN = "chosen"
const TEXT = "text"

function fieldsOf({ options, isMultiple, isFree }: PersonQuestion): readonly Field[] {
  const choices = options.map(({ label, description }) => ({ value: label, label, detail: description }))
  const isRequired = !isFree
  const choosing: readonly Field[] = !isMultiple
    ? [{ kind: "choice", name: CHOSEN, label: "choose", options: choices, isRequired }]
    : [{ kind: "choices", name: CHOSEN, label: "choose", options: choices, isRequired }]
  const writing: Field = {
    ...{ kind: "text", name: TEXT, label: options.length === 0 ? "answer" : "or say" },
    isRequired: options.length === 0,
  }
  return [...(options.length === 0 ? [] : choosing), ...(isFree ? [writing] : [])]
}

function answerOf({ [CHOSEN]: chosen, [TEXT]: text }: FormValues): QuestionAnswer {
  const labels = Array.isArray(chosen) ? chosen : typeof chosen === "string" ? [chosen] : []
  return { chosen: labels, ...(typeof text === "string" ? { text } : {}) }
}

interface Asking {
  readonly now: () => number
  over(): void
}

/** `isRead`: a key came after it could be read, so that all that follow are meant for it. */
function asking(form: Panel, reading: Reading, isRead: boolean, ends: Asking): Panel {
  return {
    extent: form.extent,
    key(input, rows): PanelStep {
      const isLeft = input.kind === "key" && (input.chord === "escape" || input.chord === "ctrl+c")
      if (!isRead && !isLeft && !reading.isOver) {
        return { kind: "stay", panel: asking(form, new Reading(ends.now), false, ends) }
      }
      const step = form.key(input, rows)
      if (step.kind === "leave") ends.over()
      return step.kind === "leave" ? step : { ...step, panel: asking(step.panel, reading, true, ends) }
    },
    reread: () => asking(form, new Reading(ends.now), false, ends),
    view(look, rows) {
      reading.drawn()
      return form.view(look, rows)
    },
  }
}
