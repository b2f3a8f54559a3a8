import type { DocumentText } from "@skein/core/ports"
import type { Answer, Asked } from "./messages.ts"
import { pagesIn } from "./pages.ts"

/** Takes a document apart, by what is loaded for its kind. Throws ToolFailure. */
export async function readDocument({ bytes, kind, pages }: Asked): Promise<Answer> {
  return { kind: "text", document: await documentText(bytes, kind, pages) }
}

async function documentText(bytes: Uint8Array, kind: Asked["kind"], pages: string | undefined): Promise<DocumentText> {
  switch (kind) {
    case "pdf":
      return await (await import("./pdf.ts")).pdfText(bytes, pages)
    case "notebook": {
      const { notebookText } = await import("./notebook.ts")
      return notebookText(bytes, (cell, count) => pagesIn(pages, count, "cell").includes(cell))
    }
    case "docx": {
      const [{ docxText }, { archiveOf }] = await Promise.all([import("./word.ts"), import("./zip.ts")])
      return { text: docxText(archiveOf(bytes)), notes: [] }
    }
    case "xlsx": {
      const [{ xlsxText }, { archiveOf }] = await Promise.all([import("./sheet.ts"), import("./zip.ts")])
      return xlsxText(archiveOf(bytes), pages)
    }
    case "pptx": {
      const [{ pptxText }, { archiveOf }] = await Promise.all([import("./slides.ts"), import("./zip.ts")])
      return pptxText(archiveOf(bytes), pages)
    }
    default: {
      const [{ openDocumentText }, { archiveOf }] = await Promise.all([
        import("./open-document.ts"),
        import("./zip.ts"),
      ])
      return openDocumentText(archiveOf(bytes), kind, pages)
    }
  }
}
