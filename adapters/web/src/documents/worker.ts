// The only place where documents are taken apart: a thread of its own, ended with the document. See documents.ts.
import { ToolFailure } from "@skein/core/ports"
import type { Answer, Asked } from "./messages.ts"
import { readDocument } from "./read.ts"

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  readDocument(data).then(answer, (error: unknown) =>
    answer(
      error instanceof ToolFailure
        ? { kind: "failed", message: error.message }
        : { kind: "broken", message: String(error) },
    ),
  )
})

function answer(given: Answer): void {
  postMessage(given)
}
