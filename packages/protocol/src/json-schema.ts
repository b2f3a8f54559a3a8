// Apart from the schemas themselves, because it is large and rarely needed: load it when a schema has to be translated.
export { fromJSONSchema, registry, toJSONSchema } from "zod"
