import { MAKE_SKILL } from "./make-skill.ts"

/** Skills that are always there. Their text is part of the binary: they have no folder. */
export const BUILT_IN: readonly { readonly name: string; readonly text: string }[] = [
  { name: "make-skill", text: MAKE_SKILL },
]
