/** The little that tests take from Node. No code. */

declare module 'node:test' {
  export default function test(name: string, run: () => void | Promise<void>): void;
}

declare module 'node:assert/strict' {
  const assert: {
    (value: unknown, message?: string): asserts value;
    equal<T>(actual: unknown, expected: T, message?: string): asserts actual is T;
    notEqual(actual: unknown, expected: unknown, message?: string): void;
    deepEqual<T>(actual: unknown, expected: T, message?: string): void;
    notDeepEqual(actual: unknown, expected: unknown, message?: string): void;
    throws(run: () => unknown, expected: RegExp | object): void;
    rejects(run: Promise<unknown>, expected: RegExp | object): Promise<void>;
  };
  export default assert;
}

declare module 'node:fs/promises' {
  export function glob(pattern: string, options: { cwd: URL }): AsyncIterable<string>;
}
