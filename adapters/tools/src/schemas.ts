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
      pages: { description: "of a document: 2, 3-7 or 1,4-5", type: "string", maxLength: 200 },
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
  webfetch: {
    type: "object",
    properties: {
      url: { type: "string", minLength: 1, maxLength: 8000 },
      format: { default: "markdown", type: "string", enum: ["markdown", "text", "html"] },
      offset: { default: 0, description: "characters to skip", type: "integer", minimum: 0 },
      max: { default: 20000, type: "integer", minimum: 1, maximum: 100000 },
    },
    required: ["url"],
    additionalProperties: false,
  },
  websearch: {
    type: "object",
    properties: {
      query: { type: "string", minLength: 1, maxLength: 400 },
      limit: { default: 10, type: "integer", minimum: 1, maximum: 30 },
      domains: {
        default: [],
        description: "only these, as docs.rs",
        maxItems: 10,
        type: "array",
        items: {
          type: "string",
          pattern: "^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$",
        },
      },
    },
    required: ["query"],
    additionalProperties: false,
  },
  http_request: {
    type: "object",
    properties: {
      method: { default: "GET", type: "string", enum: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] },
      url: { type: "string", minLength: 1, maxLength: 8000 },
      headers: {
        type: "object",
        propertyNames: { type: "string", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$" },
        additionalProperties: { type: "string", maxLength: 8000, pattern: "^[\\t\\x20-\\x7e\\x80-\\xff]*$" },
      },
      body: { description: "text as it is, anything else as JSON" },
      assert: {
        default: [],
        maxItems: 50,
        type: "array",
        items: {
          type: "object",
          properties: {
            of: { type: "string", enum: ["status", "header", "json", "body", "duration"] },
            at: { description: "the header's name, or a path as data.items[0].id", type: "string", maxLength: 500 },
            equals: {},
            contains: { type: "string" },
            exists: { type: "boolean" },
            atMost: { description: "of a number; duration is in ms", type: "number" },
          },
          required: ["of"],
          additionalProperties: false,
        },
      },
      follow: { default: false, description: "redirects", type: "boolean" },
      timeoutMs: { default: 30000, type: "integer", minimum: 1, maximum: 120000 },
    },
    required: ["url"],
    additionalProperties: false,
  },
  browser: {
    type: "object",
    properties: {
      action: {
        type: "string",
        enum: ["open", "click", "type", "press", "text", "screenshot", "eval", "back", "close"],
      },
      url: { description: "for open", type: "string", maxLength: 8000 },
      target: {
        description: "for click and type: a mark as e12, CSS, or text=Sign in",
        type: "string",
        maxLength: 1000,
      },
      text: {
        description: "for type; the key for press, as Enter; the script for eval",
        type: "string",
        maxLength: 50000,
      },
      submit: { default: false, description: "press Enter after typing", type: "boolean" },
      wholePage: { default: false, description: "for screenshot", type: "boolean" },
    },
    required: ["action"],
    additionalProperties: false,
  },
  look_at: {
    type: "object",
    properties: {
      path: { type: "string" },
      question: { type: "string", minLength: 1, maxLength: 900 },
      pages: { description: "of a document: 2, 3-7 or 1,4-5", type: "string", maxLength: 200 },
    },
    required: ["path", "question"],
    additionalProperties: false,
  },
  mermaid: {
    type: "object",
    properties: {
      source: { type: "string", minLength: 1, maxLength: 50000 },
      format: { default: "terminal", type: "string", enum: ["terminal", "svg"] },
    },
    required: ["source"],
    additionalProperties: false,
  },
}
