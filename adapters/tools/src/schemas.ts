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
      context: { default: 0, type: "integer", minimum: 0, maximum: 20 },
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
  todo_read: { type: "object", properties: {}, additionalProperties: false },
  plan_enter: { type: "object", properties: {}, additionalProperties: false },
  plan_exit: { type: "object", properties: { plan: { type: "string", minLength: 1 } }, additionalProperties: false },
  question: {
    type: "object",
    properties: {
      questions: {
        type: "array",
        items: {
          type: "object",
          properties: {
            header: { type: "string", description: "1-2 words" },
            question: { type: "string" },
            options: {
              default: [],
              type: "array",
              items: {
                type: "object",
                properties: { label: { type: "string" }, description: { type: "string" } },
                required: ["label"],
                additionalProperties: false,
              },
            },
            isMultiple: { default: false, type: "boolean" },
            isFree: { default: true, description: "own words too", type: "boolean" },
          },
          required: ["header", "question"],
          additionalProperties: false,
        },
      },
    },
    required: ["questions"],
    additionalProperties: false,
  },
  code_review: {
    type: "object",
    properties: { target: { default: "uncommitted", type: "string", minLength: 1, maxLength: 2000 } },
    additionalProperties: false,
  },
  testgen: {
    type: "object",
    properties: {
      file: { type: "string", minLength: 1 },
      function: { type: "string", minLength: 1, maxLength: 200 },
      framework: { type: "string", minLength: 1, maxLength: 50 },
      output_file: { type: "string", minLength: 1 },
    },
    required: ["file"],
    additionalProperties: false,
  },
  bug_localize: {
    type: "object",
    properties: {
      error: { type: "string", minLength: 1, maxLength: 50000 },
      context: { description: "What was being done", type: "string", maxLength: 20000 },
      files: { maxItems: 10, type: "array", items: { type: "string" } },
    },
    required: ["error"],
    additionalProperties: false,
  },
  refactor: {
    type: "object",
    properties: {
      files: { minItems: 1, maxItems: 5, type: "array", items: { type: "string", minLength: 1 } },
      goal: { description: "What is to be better", type: "string", maxLength: 2000 },
      dryRun: { default: true, type: "boolean" },
    },
    required: ["files"],
    additionalProperties: false,
  },
}
