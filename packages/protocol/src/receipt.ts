import { ERROR_CODES } from "./errors.ts"
import type { Immutable } from "./events/define.ts"
import { idSchema } from "./id-schema.ts"
import { lazy } from "./lazy.ts"
import * as z from "./schema.ts"

/** Whether an op was taken. `as` says what became of submitted input. */
export const Receipt = lazy(() =>
  z.discriminatedUnion("status", [
    z.object({
      status: z.literal("accepted"),
      sessionId: idSchema("ses"),
      /** The newest durable event when the op was taken. */
      seq: z.number(),
      turnId: idSchema("trn").optional(),
      inputId: idSchema("inp").optional(),
      /** Of the command that `shell.run` began. */
      callId: idSchema("cal").optional(),
      /** Of the child session that `agent.spawn` began. */
      childSessionId: idSchema("ses").optional(),
      as: z.enum(["started", "steered", "queued"]).optional(),
    }),
    z.object({ status: z.literal("rejected"), code: z.enum(ERROR_CODES), message: z.string() }),
  ]),
)
export type Receipt = Immutable<z.infer<ReturnType<typeof Receipt>>>
