import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compareTraces, describe } from './compare-traces.ts'
import { scratch, trace } from './tracers.ts'
const folder='/tmp/wt/ebpf/test/programs'
const names=process.argv[2]?process.argv.slice(2):readdirSync(folder).filter(n=>n.endsWith('.c')).map(n=>n.slice(0,-2)).sort()
let tl=0,tb=0
for(const name of names){ const file=join(scratch,name); execFileSync('cc',['-O1','-w','-pthread','-o',file,join(folder,`${name}.c`)])
 const once=(b:string)=>trace('sysglass',['-f','--backend='+b,...(process.env.OPTS?process.env.OPTS.split(' '):[])],[`./${name}`],{stdio:'ignore',timeout:30000})
 try{
 const p=await once('ptrace'),q=await once('ptrace'),e=await once('ebpf')
 const c=compareTraces({ours:e.text,theirs:p.text,again:[q.text]}); const bugs=c.differences.filter(d=>!d.unstable)
 tl+=c.lines; tb+=bugs.length
 console.log(name,c.lines,bugs.length,[e.status,e.signal].join()===[p.status,p.signal].join()?'':`STATUS ${e.status} ${e.signal} ${e.stderr.slice(0,300)}`)
 if(bugs.length) console.log(describe(bugs,Number(process.env.MOST??4)))
 }catch(err){console.log(name,String(err).slice(0,500))}
}
console.log('total',tl,tb)
process.exit()
