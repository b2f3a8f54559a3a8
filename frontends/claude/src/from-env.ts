/** Sentences about what a host asks for by the environment and nothing here does. The SDK hands `toolConfig` over this way. */
export function unsupportedOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return NOT_TAKEN.flatMap(([name, text]) => (env[name] ? [text] : []))
}

const NOT_TAKEN: readonly (readonly [string, string])[] = [
  ["CLAUDE_CODE_QUESTION_PREVIEW_FORMAT", "toolConfig: options of a question have no previews here."],
  ["CLAUDE_CODE_QUESTION_EXTENDED", "toolConfig: questions are asked in one form only."],
  ["CLAUDE_CODE_QUESTION_OPTIONAL_DESCRIPTIONS", "toolConfig: questions are asked in one form only."],
]
