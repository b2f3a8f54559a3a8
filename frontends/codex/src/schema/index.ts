export { jsonSchemaFiles } from "./json-schema.ts"
export { typescriptFiles } from "./typescript.ts"
