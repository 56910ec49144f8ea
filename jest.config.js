/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testRegex: '\\.test\\.ts$',
	// Types are checked by `npm run typecheck`, once for everything.
	transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] },
	maxWorkers: 2,
	testTimeout: 20_000,
};
