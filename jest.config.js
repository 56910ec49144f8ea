/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	// The engine runs what is built: a test file run alone (`npx jest FILE`, or from an editor) must not run an old build.
	globalSetup: '<rootDir>/test/support/build.js',
	testRegex: '\\.test\\.ts$',
	// Types are checked by `npm run typecheck`, once for everything.
	transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] },
	// Taken as it is, `dist` keeps its own source maps: a stack trace points into the sources.
	transformIgnorePatterns: ['/node_modules/', '<rootDir>/dist/'],
	maxWorkers: 2,
	// Only a test that hangs takes so long, however busy the machine is.
	testTimeout: 120_000,
};
