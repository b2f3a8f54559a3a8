import { HELP_FLAG } from "./flag-sets.ts"
import type { Flag } from "./flags.ts"

const JSON_FLAG: Flag = { name: "json", kind: "boolean", summary: "As JSON" }

const SIZE_FLAGS: readonly Flag[] = [
  { name: "cols", aliases: ["columns"], kind: "string", value: "n", summary: "How wide the screen is" },
  { name: "rows", kind: "string", value: "n", summary: "How high it is" },
]

/** What `terminal-app smoke` and `run` take. */
export const DRIVE_FLAGS: readonly Flag[] = [
  {
    name: "step",
    kind: "list",
    value: "step",
    summary:
      "What to do or to see, in order: line:TEXT, type:TEXT, key:CHORD, paste:TEXT, resize:100x20, render:stable, expect:TEXT, absent:TEXT, wait:MS, snapshot:NAME, exit:CODE",
  },
  ...SIZE_FLAGS,
  { name: "exit-after-submit", kind: "boolean", summary: "Leave after the first line that was sent" },
  { name: "max-duration-ms", kind: "string", value: "ms", summary: "Longest that the steps may take together" },
  { name: "resume-last", kind: "boolean", summary: "Go on with the newest session" },
  { name: "fork-last", kind: "boolean", summary: "Begin with the conversation of the newest session" },
  { name: "no-alt-screen", kind: "boolean", summary: "Draw below the shell's lines, whatever the settings say" },
  { name: "pictures", kind: "string", value: "dir", summary: "Keep each snapshot as a picture in a folder" },
  { name: "out", kind: "string", value: "file", summary: "Keep the evidence in a file" },
  JSON_FLAG,
  HELP_FLAG,
]

export const VALIDATE_FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG]

export const VIEW_LIST_FLAGS: readonly Flag[] = [JSON_FLAG, HELP_FLAG]

export const VIEW_FLAGS: readonly Flag[] = [
  ...SIZE_FLAGS,
  { name: "theme", kind: "string", value: "name", summary: "The look it is drawn in" },
  JSON_FLAG,
  HELP_FLAG,
]
