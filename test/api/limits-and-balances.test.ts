import { json, fixture, type Reply } from '../support/replies';
import { testCases } from '../support/cases';

const good = json({ output: 'Yes' });
const error = (status: number, body: object, headers: Reply['headers'] = {}) => json({ error: body }, { status, headers });
const soon = { 'retry-after-ms': '1' };
const topUp = { attempts: 1, hint: expect.stringMatching(/top it up/) };
const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';

testCases('A limit in the words of an empty account is waited for', [
	{
		title: 'RetryInfo tells how long',
		why: 'Gemini',
		reply: [fixture('gemini-limit.1.json', { status: 429 }), good],
		expectJson: 'Yes',
		expectCalls: 2,
	},
	...[
		['words tell how long', error(429, { message: `${QUOTA} Please retry in 0.1s.` })],
		['words tell how long in another way', error(429, { message: `${QUOTA} Try again after 100 milliseconds` })],
		['a code of gRPC says so', error(429, { message: QUOTA, status: 'RESOURCE_EXHAUSTED' }, soon)],
		['it is a limit by the minute', error(429, { message: 'Quota exceeded for requests per minute', code: 'quota_exceeded' }, soon)],
		['a field tells how long', error(429, { message: QUOTA, metadata: { retry_after: 0.1 } })],
	].map(([title, limited]) => ({ title: String(title), reply: [limited as Reply, good], expectJson: 'Yes', expectCalls: 2 })),
	{
		title: 'longer than Max Retry Wait: it fails at once and says how long',
		reply: error(429, { message: 'Please try again in 1h2m3.5s.' }),
		expectError: { attempts: 1, hint: expect.stringMatching(/wait 3724 seconds, longer than Max Retry Wait/) },
	},
]);

testCases('A limit with another status than 429 is waited for', [
	...[
		['您已达到总请求数限制：1分钟内最多请求10次，包括失败次数', 403],
		['请求过于频繁，请稍后再试', 400],
		['Rate limit reached for this key', 403],
		['Too many requests', 400],
	].map(([message, status]) => ({
		title: String(message),
		reply: [error(Number(status), { message }, soon), good],
		expectJson: 'Yes',
		expectCalls: 2,
	})),
	{
		title: 'by its code',
		reply: [error(400, { message: 'No', code: 'rate_limit_exceeded' }, soon), good],
		expectJson: 'Yes',
		expectCalls: 2,
	},
	{
		title: 'but not where the server says that a retry cannot help',
		reply: error(400, { message: 'Too many requests' }, { ...soon, 'x-should-retry': 'false' }),
		expectError: { attempts: 1, hint: expect.stringMatching(/limits how often/) },
	},
]);

testCases('An empty account is told as one, and not tried again', [
	{ title: 'budget_exceeded', why: 'LiteLLM', reply: fixture('litellm-budget.1.json', { status: 429, headers: soon }), expectError: topUp },
	...[
		['Arrearage', 400],
		['AccountOverdueError', 403],
		['exceeded_current_quota_error', 429],
		['INSUFFICIENT_BALANCE', 403],
		['insufficient_credits', 429],
	].map(([type, status]) => ({
		title: `the type ${String(type)} at status ${String(status)}`,
		reply: error(Number(status), { message: 'Access denied', type }, soon),
		expectError: topUp,
	})),
	...[
		'余额不足或无可用资源包,请充值。',
		'您的账户已欠费，请充值后重试。',
		'该令牌额度已用尽',
		'預扣費失敗：額度不足',
		'Your credit balance is too low to access the API',
		'Insufficient Balance',
		'Your team has used all available credits',
		'No deployments available - crossed budget: Exceeded budget for deployment',
		'Access denied, please make sure your account is in good standing.',
		'Saldo insuficiente',
		'Недостаточно средств на балансе',
		'残高が不足しています',
		'잔액이 부족합니다',
		'insufficient_quota',
		'预扣费额度失败, 用户剩余额度: 0',
		'套餐余量不足',
		'账号余额为负',
		'點數不足',
		'無餘額',
		'已达到月度消费上限',
		'This request requires more credits, or fewer max_tokens',
		'Key limit exceeded (total limit)',
		'Billing hard limit has been reached',
		'Your account is not active, please check your billing details on our website.',
		'user quota is not enough',
		'API key has run out of quota',
		'The free tier of the model has been exhausted. Use the paid one',
		'AllocationQuota.FreeTierOnly',
		'You have no credits left',
		'credits exhausted',
		'No active subscription',
		'Saldo tidak mencukupi',
		'Saldo esgotado',
		'Credito insufficiente',
		'Onvoldoende saldo',
		'Bakiye yetersiz',
		'Số dư không đủ',
		'残高が足りません',
		'크레딧이 부족합니다',
	].map((message) => ({
		title: `the words: ${message}`,
		reply: error(429, { message }, soon),
		expectError: { message, ...topUp },
	})),
]);

testCases('A server that takes one call of a conversation at a time is waited for', [
	...[400, 409].map((status) => ({
		title: `also with Max Retries 1, at status ${status}`,
		why: 'OpenAI: https://github.com/paulgmiller/careme/issues/379',
		reply: [
			...Array.from({ length: 3 }, () =>
				error(status, { message: 'Another process is currently operating on this conversation.', code: 'conversation_locked' }, soon),
			),
			good,
		],
		parameters: { requests: { maxRetries: 1 } },
		expectJson: 'Yes',
		expectCalls: 4,
	})),
]);

testCases('Retry-After in other forms', [
	...['0.1s', '0.1 s', '100ms', '0.1 seconds', 'PT0.1S', '"0.1"', '0m0.1s'].map((after) => ({
		title: `"${after}" is waited for`,
		reply: [error(429, { message: 'No' }, { 'retry-after': after }), good],
		expectJson: 'Yes',
		expectCalls: 2,
	})),
	...[
		['90s', 90],
		['2m', 120],
		['1h30m', 5400],
		['2 minutes', 120],
		['PT2M', 120],
		['1 minute and 1 second', 61],
	].map(([after, seconds]) => ({
		title: `"${String(after)}" is ${String(seconds)} seconds`,
		reply: error(429, { message: 'No' }, { 'retry-after': String(after) }),
		parameters: { requests: { maxRetryWait: 5 } },
		expectError: { attempts: 1, hint: expect.stringContaining(`wait ${String(seconds)} seconds`) },
	})),
	...[1000, 1].map((unit) => ({
		title: `a time since 1970 in ${unit === 1 ? 'milliseconds' : 'seconds'} is a time`,
		reply: () => error(429, { message: 'No' }, { 'retry-after': String(Math.ceil((Date.now() + 60_000) / unit)) }),
		parameters: { requests: { maxRetryWait: 5 } },
		expectError: { attempts: 1, hint: expect.stringMatching(/wait (59|60|61) seconds/) },
	})),
	...['2 apples', 'soon', 'in 2019', '12-'].map((after) => ({
		title: `"${after}" says nothing: the usual wait`,
		reply: [error(429, { message: 'No' }, { 'retry-after': after }), good],
		expectJson: 'Yes',
		expectCalls: 2,
	})),
]);
