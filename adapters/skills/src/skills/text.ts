import type { Skill } from "@skein/core/ports"

/** Of a skill's text, that one opening puts before a model. */
const TEXT_CHARS_MAX = 40_000
const FILES_SHOWN = 40

interface Told {
  readonly skill: Pick<Skill, "name" | "folder">
  readonly text: string
  readonly files: readonly string[]
  /** The file goes on behind what was read. */
  readonly isCut: boolean
}

/** What a model reads of an opened skill: where it lies, what else is there, its text. Ends of the frame in it are broken. */
export function forModel({ skill, text, files, isCut }: Told): string {
  const { name, folder } = skill
  const shown = text.slice(0, TEXT_CHARS_MAX).toWellFormed().replaceAll("</skill", "<\\/skill")
  const isShort = isCut || text.length > TEXT_CHARS_MAX
  const rest = folder === "" ? "" : `: read the rest in ${folder}/SKILL.md`
  return [
    `<skill name="${name}"${folder === "" ? "" : ` folder="${folder}"`}>`,
    ...(folder === "" ? [] : [`Paths in it are relative to ${folder}${filesLine(files)}`]),
    shown,
    ...(isShort ? [`[Only the first ${TEXT_CHARS_MAX} characters are shown${rest}]`] : []),
    "</skill>",
  ].join("\n")
}

function filesLine(files: readonly string[]): string {
  if (files.length === 0) return "."
  const shown = files.slice(0, FILES_SHOWN).join(", ")
  const more = files.length > FILES_SHOWN ? ` and ${files.length - FILES_SHOWN} more` : ""
  return `. Its other files, to be read or run when it says so: ${shown}${more}.`
}

/**
 * Fills in what `/name args` gave, as the field does it: `$ARGUMENTS` is all of it, `$1` and so on its words, and where
 * neither stands it follows the text. `${CLAUDE_SKILL_DIR}` is the folder.
 */
export function withArguments(
  text: string,
  { args, folder }: { readonly args: string; readonly folder: string },
): string {
  const words = args.trim() === "" ? [] : args.trim().split(/\s+/)
  const hasPlace = /\$ARGUMENTS\b|\$[1-9]\b/.test(text)
  const filled = text.replaceAll(
    /\$\{(?:CLAUDE_SKILL_DIR|SKILL_DIR)\}|\$ARGUMENTS\[(\d)\]|\$ARGUMENTS\b|\$([1-9])\b/g,
    (found, at: string | undefined, nth: string | undefined) => {
      if (found.startsWith("${")) return folder === "" ? found : folder
      if (at !== undefined) return words[Number(at)] ?? ""
      // Without arguments a `$1` is most likely a shell's own.
      if (nth !== undefined) return words.length === 0 ? found : (words[Number(nth) - 1] ?? "")
      return args.trim()
    },
  )
  return hasPlace || words.length === 0 ? filled : `${filled}\n\nARGUMENTS: ${args.trim()}`
}
