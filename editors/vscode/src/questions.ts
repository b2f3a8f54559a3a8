import type { PersonQuestion, QuestionAnswer } from "@skein/protocol/questions"
import * as vscode from "vscode"

const OWN_WORDS = "In your own words …"

/** Asks the person one question after the other; undefined when they gave no answer. */
export async function interview(questions: readonly PersonQuestion[]): Promise<QuestionAnswer[] | undefined> {
  const answers: QuestionAnswer[] = []
  for (const question of questions) {
    const answer = question.options.length === 0 ? await words(question) : await choice(question)
    if (answer === undefined) return undefined
    answers.push(answer)
  }
  return answers
}

async function words({ header, question }: PersonQuestion): Promise<QuestionAnswer | undefined> {
  const text = await vscode.window.showInputBox({ title: header, prompt: question, ignoreFocusOut: true })
  return text === undefined || text.trim() === "" ? undefined : { chosen: [], text }
}

async function choice(question: PersonQuestion): Promise<QuestionAnswer | undefined> {
  const { header, options, isMultiple, isFree } = question
  const items: vscode.QuickPickItem[] = options.map(({ label, description }) => ({ label, detail: description ?? "" }))
  const own = isFree ? [{ label: OWN_WORDS }] : []
  const how = { title: header, placeHolder: question.question, ignoreFocusOut: true }
  const picked = isMultiple
    ? await vscode.window.showQuickPick(items, { ...how, canPickMany: true })
    : await vscode.window.showQuickPick([...items, ...own], how)
  if (picked === undefined) return undefined
  const chosen = (Array.isArray(picked) ? picked : [picked]) as vscode.QuickPickItem[]
  if (chosen.some(({ label }) => label === OWN_WORDS)) return words(question)
  return { chosen: chosen.map(({ label }) => label) }
}
