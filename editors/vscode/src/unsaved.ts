import { createHash } from "node:crypto"
import type { FileRequest, FileTextAnswer, FileWriteAnswer } from "@skein/protocol"
import * as vscode from "vscode"
import { pathOf } from "./names.ts"

/**
 * Answers skein's file tools from the editor's own documents, so that they read and change what the person sees, and nothing
 * that was typed is lost. Throws with a sentence where it refuses.
 */
export async function answerFile(request: FileRequest): Promise<FileTextAnswer | FileWriteAnswer> {
  const document = vscode.workspace.textDocuments.find((each) => each.isDirty && pathOf(each.uri) === request.path)
  if (request.kind === "read") return document === undefined ? {} : { text: document.getText() }
  if (document === undefined) return { isWritten: false }
  const text = document.getText()
  if (sha256Of(text) !== request.expected) throw new Error("The document has another text by now.")
  const edit = new vscode.WorkspaceEdit()
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), request.text)
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error("The editor did not take the change.")
  if (!(await document.save())) throw new Error("The change is in the editor, and could not be saved.")
  return { isWritten: true }
}

/** Saves what is not saved yet of the files of a folder. */
export async function saveAll(cwd: string): Promise<void> {
  const isHere = (each: vscode.TextDocument) => each.isDirty && (pathOf(each.uri) ?? "").startsWith(`${cwd}/`)
  await Promise.all(vscode.workspace.textDocuments.filter(isHere).map((each) => each.save()))
}

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex")
