import type { Place } from "./place.ts"
import type { TurnPermission } from "./tools.ts"

/** Agent Skills (agentskills.io): folders of knowledge of which a model knows the name and description until it needs more. */
export interface SkillsPort {
  /** Those that may be used here; a project's hides a person's of the same name. Reads front matter alone. */
  list(place: Place): Promise<readonly Skill[]>
  /** Its text, with what it was asked for in it. Throws SkeinError `skill.not_found`, with near names, or `skill.invalid`. */
  open(name: string, place: Place, args?: string): Promise<OpenedSkill>
}

export interface Skill {
  readonly name: string
  readonly description: string
  /** The folder with its SKILL.md, absolute and resolved; empty for one that is built in. */
  readonly folder: string
  readonly scope: "project" | "user" | "plugin" | "builtin"
  /** The plugin that brings it. */
  readonly plugin?: string | undefined
  /** Only a person begins it: the model is not told of it. */
  readonly isByPersonOnly: boolean
  /** Only the model begins it: it is no `/name`. */
  readonly isByModelOnly?: boolean | undefined
  /** What `/name` is followed by, as its front matter says. */
  readonly argumentHint?: string | undefined
  /** What it wants to be asked of, in the words of its file. */
  readonly model?: string | undefined
  /** Words that call for it. */
  readonly triggers?: readonly string[] | undefined
  /** As its front matter says, as rule strings; undefined where it says nothing. */
  readonly toolsAllowed?: readonly string[] | undefined
  /** What is wrong with it, a sentence each, where it can be used all the same. */
  readonly warnings: readonly string[]
}

export interface OpenedSkill extends Skill {
  /** What follows the front matter, with the arguments and the folder filled in; bounded. */
  readonly text: string
  /** All that a model is told: where it lies, its other files, its text. */
  readonly forModel: string
  /** What it changes about permission in the turn that opens it; undefined where it says nothing, or is not heard. */
  readonly forTurn?: TurnPermission | undefined
  /** Other files in its folder, as paths from there, sorted; a bounded number. */
  readonly files: readonly string[]
  /** SHA-256 of SKILL.md, hex. */
  readonly sha256: string
}
