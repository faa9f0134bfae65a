import type { HtmlReport } from './html.ts'
import { reportWords } from './words.ts'

/** Simplified Chinese first, from whichever system the reader has. */
const fonts =
  'system-ui,-apple-system,"Segoe UI","PingFang SC","Hiragino Sans GB","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif'

/** The only variable parts are fixed words and the batch's id. */
export function styleOf({ language, subject }: Pick<HtmlReport, 'language' | 'subject'>): string {
  const words = reportWords[language]
  const isPractice = subject.practice !== 'none'
  const mark = isPractice ? `${words.practiceMark} · ` : ''
  return `@page{size:A4;margin:18mm 14mm 18mm;@top-left{content:"${mark}${words.title} ${subject.batch?.id ?? words.history}";font:9pt ${fonts};color:#${isPractice ? 'b02a37' : '666'}}@bottom-right{content:counter(page) " / " counter(pages);font:9pt ${fonts};color:#666}}
:root{color-scheme:light}*{box-sizing:border-box}body{font:14px/1.5 ${fonts};color:#1b1f24;background:#fff;max-width:960px;margin:0 auto;padding:24px}
h1{font-size:28px;margin:0}h2{font-size:20px;border-bottom:1px solid #ccc;margin:32px 0 12px;break-after:avoid}h2::first-letter{text-transform:uppercase}h2 small{color:#666;font-weight:400}h3{font-size:15px;margin:12px 0 6px;overflow-wrap:anywhere;break-after:avoid}
.name{font-size:18px;color:#444;margin:4px 0 16px;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{color:#666}dd{margin:0;overflow-wrap:anywhere}dd b{white-space:nowrap}code{font-size:11px;overflow-wrap:anywhere}
.practice{position:sticky;top:0;z-index:1;background:#b02a37;color:#fff;font-weight:700;text-align:center;padding:6px;margin:0 0 16px}
.chart{width:100%;max-width:640px;display:block}.chart text{font-size:13px}.chart rect.plain{fill:#5c7cfa}rect.risky{fill:#c92a2a}rect.review{fill:#e8a200}rect.unchecked{fill:#868e96}rect.pass{fill:#2f9e44}rect.rules_only{fill:#0c8599}
article{border:1px solid #d5d9de;border-radius:6px;padding:10px 14px;margin:0 0 12px;break-inside:avoid}.item{display:flex;gap:14px;align-items:flex-start}.words{flex:1;min-width:0}.words p{margin:0 0 6px;overflow-wrap:anywhere}
.pictures{width:200px;flex:none;display:grid;gap:8px}.pictures p{margin:0}figure{margin:0;break-inside:avoid}.picture,figure img{width:100%;max-height:280px;display:block;background:#f1f3f5}figure img{object-fit:contain;border:3px solid transparent}figure img.risky{border-color:#e03131}figure img.review{border:3px dashed #f59f00}figcaption,.where,time{font-size:12px;color:#666}time{white-space:nowrap}.pictures .nopic{color:#666;border:1px dashed #bbb;padding:16px;margin:0}
rect.mark{fill:none;stroke-width:3;vector-effect:non-scaling-stroke}rect.mark.risky{stroke:#e03131}rect.mark.review{stroke:#f59f00;stroke-dasharray:6 4}
.control.clean,.control.unknown{border-left:8px solid #868e96;padding-left:6px;font-weight:600}.tag{padding:1px 8px;border-radius:10px;background:#e9ecef}.tag.risky{background:#ffc9c9}.tag.review{background:#ffe8a3}.tag.pass{background:#d3f9d8}.tag.rules_only{background:#c5f6fa}.tag.forbidden{background:#ffc9c9}.tag.evidence{background:#ffe8a3}.tag.notice{background:#d0ebff}.tag.stale{background:#fff;border:1px dashed #d9480f;color:#a33a0a}.label{background:#f1f3f5;border-radius:4px;padding:0 6px}
.text{white-space:pre-wrap;background:#f8f9fa;border-left:3px solid #ced4da;padding:6px 10px}mark.risky{background:#ffc9c9}mark.review,mark.evidence{background:#ffec99}mark.forbidden{background:#ffc9c9}mark.notice{background:#d0ebff}.decision{border-left:3px solid #5c7cfa;padding-left:10px}
table{border-collapse:collapse;width:100%;font-size:12px;margin-top:8px}th,td{border:1px solid #dee2e6;padding:2px 6px;text-align:left;vertical-align:top}th{font-weight:600;background:#f8f9fa;white-space:nowrap}.checks td:nth-child(-n+3),.checks td:nth-child(6){white-space:nowrap}.checks td:nth-child(4){word-break:keep-all}.checks td:nth-child(7){overflow-wrap:anywhere;min-width:9em}
.rules article.rule{break-inside:auto;border-width:1px 0 0;border-radius:0;padding:10px 0}.rule header{break-inside:avoid;break-after:avoid}.rule h4{font-size:13px;margin:12px 0 0;break-after:avoid}.rule q{quotes:none;border-left:3px solid #ced4da;padding-left:8px;display:block}.passage{white-space:pre-wrap;overflow-wrap:anywhere}.rules .tag{white-space:nowrap}.rules th::first-letter{text-transform:uppercase}.places{table-layout:fixed}.places th:first-child{width:30%}.places th:nth-child(2){width:6em}.places td:first-child{overflow-wrap:anywhere}.places td:nth-child(2){white-space:nowrap}.places tr,.contents tr,.hits li{break-inside:avoid}.fine{margin:2px 0 0;color:#495057}.hits{margin:0 0 6px;padding-left:18px}
@media print{.rules{break-before:page}.rules a{color:inherit;text-decoration:none}thead{display:table-header-group}body{max-width:none;padding:0;font-size:11pt;print-color-adjust:exact}.practice{position:static}.charts,.ledger{break-inside:avoid}header{break-after:avoid}}`
}
