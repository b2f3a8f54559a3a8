import type { JsonSchema } from "./input/lenient.ts"

/**
 * The built-in tools' inputs as JSON Schema, generated from their zod schemas by `scripts/schemas.ts`: building them at
 * start would cost more than starting. A test compares the two.
 */
export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  read: {
    type: "object",
    properties: {
      path: { type: "string" },
      offset: { type: "integer", minimum: 1 },
      limit: { type: "integer", minimum: 1 },
    },
    required: ["path"],
    additionalProperties: false,
  },
  write: {
    type: "object",
    properties: { path: { type: "string" }, content: { type: "string" } },
    required: ["path", "content"],
    additionalProperties: false,
  },
  edit: {
    type: "object",
    properties: {
      path: { type: "string" },
      oldText: { type: "string" },
      newText: { type: "string" },
      replaceAll: { type: "boolean" },
    },
    required: ["path", "oldText", "newText"],
    additionalProperties: false,
  },
  multiedit: {
    type: "object",
    properties: {
      path: { type: "string" },
      edits: {
        minItems: 1,
        type: "array",
        items: {
          type: "object",
          properties: {
            path: { type: "string" },
            oldText: { type: "string" },
            newText: { type: "string" },
            replaceAll: { type: "boolean" },
          },
          required: ["oldText", "newText"],
          additionalProperties: false,
        },
      },
    },
    required: ["edits"],
    additionalProperties: false,
  },
  glob: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 1000 },
      path: { default: ".", type: "string" },
      hidden: { default: false, description: "also dotfiles", type: "boolean" },
      newestFirst: { default: false, description: "by time of change", type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
  grep: {
    type: "object",
    properties: {
      pattern: { type: "string", minLength: 1, maxLength: 4000 },
      path: { default: ".", type: "string" },
      glob: { description: "only these files: *.ts", type: "string", maxLength: 1000 },
      ignoreCase: { default: false, type: "boolean" },
      literal: { default: false, type: "boolean" },
      multiline: { default: false, description: "a match may span lines, and . matches their ends", type: "boolean" },
      context: { default: 0, type: "integer", minimum: 0, maximum: 20 },
      before: { type: "integer", minimum: 0, maximum: 20 },
      after: { type: "integer", minimum: 0, maximum: 20 },
      type: { type: "string", pattern: "^[a-z\\d+-]{1,30}$" },
      limit: { default: 500, type: "integer", minimum: 1, maximum: 500 },
      mode: { default: "content", type: "string", enum: ["content", "files", "count"] },
      hidden: { default: false, type: "boolean" },
    },
    required: ["pattern"],
    additionalProperties: false,
  },
  list: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      limit: { default: 500, type: "integer", minimum: 1, maximum: 2000 },
    },
    additionalProperties: false,
  },
  tree: {
    type: "object",
    properties: {
      path: { default: ".", type: "string" },
      depth: { default: 3, type: "integer", minimum: 1, maximum: 20 },
      limit: { default: 400, type: "integer", minimum: 1, maximum: 2000 },
    },
    additionalProperties: false,
  },
  bash: {
    type: "object",
    properties: {
      command: { type: "string", minLength: 1, maxLength: 100000 },
      timeoutMs: { default: 120000, type: "integer", minimum: 1, maximum: 600000 },
    },
    required: ["command"],
    additionalProperties: false,
  },
  todo_write: {
    type: "object",
    properties: {
      todos: {
        type: "array",
        items: {
          type: "object",
          properties: {
            text: { type: "string", minLength: 1 },
            status: { type: "string", enum: ["pending", "in_progress", "completed"] },
          },
          required: ["text", "status"],
          additionalProperties: false,
        },
      },
    },
    required: ["todos"],
    additionalProperties: false,
  },
  plan: { type: "object", properties: { plan: { type: "string" } }, required: ["plan"], additionalProperties: false },
  undo: {
    type: "object",
    properties: { calls: { default: 1, type: "integer", minimum: 1, maximum: 50 } },
    additionalProperties: false,
  },
  sessions: {
    type: "object",
    properties: {
      find: { type: "string", minLength: 1, maxLength: 500 },
      read: { type: "string" },
      limit: { default: 10, type: "integer", minimum: 1, maximum: 50 },
    },
    additionalProperties: false,
  },
  repo_map: {
    type: "object",
    properties: {
      path: { default: ".", description: "show only what is in this folder", type: "string" },
      budgetTokens: { default: 2000, type: "integer", minimum: 100, maximum: 20000 },
      focus: {
        default: [],
        description: "paths or names: what they are about comes first",
        maxItems: 20,
        type: "array",
        items: { type: "string", minLength: 1, maxLength: 500 },
      },
    },
    additionalProperties: false,
  },
  symbols: {
    type: "object",
    properties: {
      path: { default: ".", description: "a file, or a folder to look for name in", type: "string" },
      name: { description: "whole or in part", type: "string", minLength: 1, maxLength: 200 },
      kind: {
        type: "string",
        enum: [
          "function",
          "method",
          "class",
          "interface",
          "type",
          "struct",
          "enum",
          "trait",
          "impl",
          "module",
          "macro",
          "constant",
          "variable",
        ],
      },
      limit: { default: 100, type: "integer", minimum: 1, maximum: 1000 },
    },
    additionalProperties: false,
  },
  code_graph: {
    type: "object",
    properties: {
      path: { description: "a file or folder; with symbol, where to look for it", type: "string" },
      symbol: { description: "the name of a function, method or class", type: "string", minLength: 1, maxLength: 200 },
      direction: {
        default: "both",
        description: "what it uses, what uses it",
        type: "string",
        enum: ["out", "in", "both"],
      },
      depth: { default: 1, type: "integer", minimum: 1, maximum: 4 },
      limit: { default: 80, description: "edges", type: "integer", minimum: 1, maximum: 400 },
      format: { default: "text", type: "string", enum: ["text", "mermaid"] },
    },
    additionalProperties: false,
  },
}
