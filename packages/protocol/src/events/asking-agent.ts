import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"

/** The child session in whose name something is asked, as a schema: its agent's name, below those of its own parents. */
export const askingAgent = () => z.object({ name: z.string(), sessionId: idSchema("ses") })
