import type { BlockView } from "../view/blocks/view.ts"
import { LazyCode } from "./code-look.ts"
import type { Desk } from "./desk.ts"
import { fileLinks } from "./file-links.ts"

/** How blocks are drawn where nothing can be chosen: code in its colors, once it has any, files that can be clicked, pictures. */
export function blockViewOf(app: Desk): BlockView {
  const code = new LazyCode({
    loaded() {
      app.full?.scroller.forget()
      app.canvas.soon()
    },
    failed: (language) => app.hint(`Code in ${language} is shown without colors: what reads it cannot be loaded.`),
  })
  const linkOf = fileLinks(() => ({ cwd: app.link?.facts.cwd ?? app.options.cwd, files: app.files }))
  return { isExpanded: false, isFocused: false, code, linkOf, pictures: app.pictures }
}
