import { EFFORTS } from "./choices.ts"
import type { Immutable } from "./events/define.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"
import { Rule } from "./settings.ts"

/** What holds for one turn alone, as the command says that began it. A setting stays what it is. */
export const TurnTerms = lazy(() =>
  z.object({
    /** `provider/model` that is asked. */
    model: z.string().min(1).optional(),
    effort: z.enum(EFFORTS).optional(),
    /** Rules that spare questions; only such as allow count, and none lasts beyond the turn. */
    rules: z.array(Rule()).optional(),
    /** Whose words stand in the input beside the person's own: nobody is to be steered by them unasked. */
    taint: z.array(z.string()).optional(),
  }),
)
export type TurnTerms = Immutable<z.infer<ReturnType<typeof TurnTerms>>>
