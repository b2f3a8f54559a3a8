export { protocolSchema } from "./json-schema.ts"
export { openApi } from "./openapi.ts"
