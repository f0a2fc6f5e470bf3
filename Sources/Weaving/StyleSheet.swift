/// The look of all pages: a well-set book, quiet, readable on paper, phone and dark screen.
///
/// Lengths are in rem of 18 px (17 on narrow screens). The text is 34 rem wide, about 72 characters;
/// listings, figures and tables may reach into the margin, where notes stand on wide screens.
enum StyleSheet {
  /// The whole style sheet, without the fonts.
  static var css: String {
    ":root{color-scheme:light dark;--shadow:rgb(0 0 0/.17);\(FigureColors.light)}\n"
      + "@media (prefers-color-scheme:dark){:root{--shadow:rgb(0 0 0/.6);\(FigureColors.dark)}}\n"
      + base + prose + math + listings + figures + claims + book + narrow + print
  }

  private static let base = """
    :root{
      --serif:"Book","TeX Gyre Pagella","Palatino Linotype",Palatino,serif;
      --sans:"Book Sans","Inter",system-ui,sans-serif;
      --mono:"Book Mono","JetBrains Mono",ui-monospace,monospace;
      --tint:color-mix(in srgb,var(--ink) 4%,var(--paper));
      --line:color-mix(in srgb,var(--ink) 16%,var(--paper));
      --accent:var(--series-1-text);
      --good:var(--series-3-text);--bad:var(--series-2-text);--wide:43rem;
      --widest:calc(50rem + max(0rem,(100vw - 72rem)/2));
      --code-k:color-mix(in srgb,var(--series-1-text) 85%,var(--ink));
      --code-s:color-mix(in srgb,var(--series-3-text) 85%,var(--ink));
      --code-n:color-mix(in srgb,var(--series-2-text) 85%,var(--ink));
      --code-a:color-mix(in srgb,var(--series-4-text) 85%,var(--ink));
    }
    *{box-sizing:border-box}
    html{font-size:18px;scroll-padding-top:2rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 var(--serif);
      font-variant-numeric:lining-nums proportional-nums;font-kerning:normal;
      text-rendering:optimizeLegibility;overflow-wrap:break-word}
    .page{display:grid;grid-template-columns:13rem minmax(0,34rem) 13rem;column-gap:3rem;
      justify-content:center;padding:0 2rem}
    main{grid-column:2;min-width:0;padding:4.5rem 0 6rem}
    a{color:inherit;text-decoration:underline;text-decoration-thickness:.06em;
      text-underline-offset:.18em;text-decoration-color:var(--axis)}
    a:hover{color:var(--accent);text-decoration-color:currentColor}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:1px}
    .skip{position:absolute;left:-100vw;background:var(--paper);padding:.5rem 1rem;z-index:9}
    .skip:focus{left:0}
    .scroll{overflow-x:auto;max-width:100%}
    .scroll,.art,pre.code{--ground:var(--paper);
      background:
        linear-gradient(90deg,var(--ground) 40%,transparent) -2px -2px/2.4rem calc(100% + 4px)
          no-repeat local,
        linear-gradient(270deg,var(--ground) 40%,transparent) calc(100% + 2px) -2px/2.4rem
          calc(100% + 4px) no-repeat local,
        linear-gradient(90deg,var(--shadow),transparent) 1px 1px/.55rem calc(100% - 2px)
          no-repeat scroll,
        linear-gradient(270deg,var(--shadow),transparent) calc(100% - 1px) 1px/.55rem
          calc(100% - 2px) no-repeat scroll,
        var(--ground)}
    pre.program{--ground:var(--tint)}

    """

  private static let prose = """
    h1,h2,h3,h4,h5,h6{font-weight:400;line-height:1.2;text-wrap:balance;margin:2.6em 0 .7em}
    h1{font-size:2.35rem;line-height:1.12;letter-spacing:-.012em;margin:0 0 1.6rem}
    h2{font-size:1.5rem;margin-top:2.5em}
    h3{font-size:1.18rem;font-style:italic}
    h4,h5,h6{font-size:1rem;font-style:italic;margin-bottom:.4em}
    .part h2{font-size:1.95rem;letter-spacing:-.008em;margin:0 0 1.3rem}
    .part h3{font-size:1.42rem;font-style:normal;margin-top:2.5em}
    .part h4{font-size:1.15rem;margin-top:2em}
    p{margin:0 0 .95em;hanging-punctuation:first last;text-wrap:pretty}
    .kicker,.label{font:600 .68rem/1.4 var(--sans);letter-spacing:.02em;color:var(--muted)}
    .kicker{margin:0 0 .8rem;font-size:.74rem}
    strong{font-weight:700}
    sup{font-size:.7em;line-height:0;vertical-align:.45em}
    ul,ol{margin:0 0 .95em;padding-left:1.4em}
    li{margin:.2em 0}
    li>p:last-child{margin-bottom:.3em}
    blockquote{margin:1.2em 0;padding:0 1.5rem;font-style:italic;color:var(--ink)}
    blockquote em{font-style:normal}
    hr{border:0;text-align:center;margin:2.2em 0;height:1px;background:var(--line);width:6rem;
      margin-inline:auto}
    code{font-family:var(--mono);font-size:.8em;font-variant-ligatures:none;
      font-feature-settings:"calt" 0,"liga" 0}
    .smoke{font:.78rem/1.5 var(--sans);border:1px solid var(--bad);border-left-width:4px;
      padding:.6rem .9rem;margin:0 0 2rem}
    .smoke strong{font-weight:600;color:var(--bad)}
    .noteref a{text-decoration:none;color:var(--accent);padding:0 .12em}
    .sidenote{float:right;clear:right;width:13rem;margin:.2rem -16rem .9rem 0;font-size:.76rem;
      line-height:1.45;color:var(--muted);position:relative}
    .sidenote .n{font-size:.85em;vertical-align:.35em;line-height:0;color:var(--accent)}
    .footnotes{font-size:.84rem}
    .references{font-size:.84rem;line-height:1.5}
    .part .references{margin-top:0}
    .references ul{list-style:none;padding:0}
    .references li{padding-left:1.6em;text-indent:-1.6em;margin:0 0 .5em}
    .references li:target{background:var(--tint);box-shadow:0 0 0 .3em var(--tint)}
    a.cite{text-decoration-color:transparent}
    a.cite:hover{text-decoration-color:currentColor}
    .footnotes .back{font:.68rem var(--sans);color:var(--muted)}

    """

  private static let math = """
    math{font-family:"Book Math","TeX Gyre Pagella Math",math;font-size:1em}
    .together{white-space:nowrap}
    wbr{white-space:normal}
    mtext{font-family:var(--serif)}
    .equation{display:grid;grid-template-columns:minmax(0,1fr) auto;align-items:center;
      column-gap:1em;margin:1.15em 0 1.25em;font-size:1.04rem}
    .equation .body{overflow-x:auto;overflow-y:hidden;padding:.15em 0}
    munderover>:nth-child(2),munder>:nth-child(2){padding-top:.12em}
    munderover>:nth-child(3),mover:not([accent])>:nth-child(2){padding-bottom:.12em}
    mtd{padding:.22em .4em}
    mtable.aligned mtd{padding:.28em 0}
    mtable.cases mtd{padding:.18em .5em .18em .15em}
    mtable.substack mtd{padding:0}
    mtable.aligned mtd:nth-child(2n+3){padding-left:2em}
    mtd.left{text-align:left;text-align:-webkit-left}
    mtd.right{text-align:right;text-align:-webkit-right}
    mtd.center{text-align:center;text-align:-webkit-center}
    mrow.overline{border-top:.055em solid;padding-top:.1em}
    mrow.underline{border-bottom:.055em solid;padding-bottom:.1em}

    """

  private static let listings = """
    pre.code{font:.7rem/1.55 var(--mono);font-variant-ligatures:none;
      font-feature-settings:"calt" 0,"liga" 0;margin:1.3em 0 1.5em;
      padding:.85rem 1rem;overflow-x:auto;tab-size:2;position:relative;border-radius:2px;
      width:var(--wide);margin-right:calc(34rem - var(--wide));clear:right}
    pre.code code{font-size:inherit;display:block;width:max-content;min-width:100%}
    pre.example{border-left:2px solid var(--line);
      border-radius:0;padding:.2rem 1rem}
    .listing{position:relative;margin:1.3em 0 1.5em;clear:right;
      width:max-content;min-width:100%;max-width:var(--widest)}
    .listing pre.code{margin:0;width:auto}
    .listing.program{width:var(--wide);max-width:none;margin-right:calc(34rem - var(--wide))}
    .k{color:var(--code-k)}.t{color:var(--ink)}.s{color:var(--code-s)}
    .n{color:var(--code-n)}.a{color:var(--code-a)}
    .c{color:var(--muted);font-style:normal}
    .sidenote .n{color:var(--accent)}
    .copy{position:absolute;top:-1.35rem;right:0;font:600 .62rem/1 var(--sans);
      color:var(--muted);background:none;border:0;padding:.35rem 0;cursor:pointer;opacity:0;
      transition:opacity .12s}
    .listing:hover .copy,.listing:focus-within .copy{opacity:1}
    .copy:hover{color:var(--ink)}
    @media (hover:none){.copy{opacity:1}}
    @media (prefers-reduced-motion:reduce){.copy{transition:none}}
    summary{cursor:pointer;font:600 .72rem/1.5 var(--sans);color:var(--muted);width:fit-content}
    summary:hover{color:var(--ink)}
    summary::marker{color:var(--axis)}
    details.aside{margin:1.1em 0 1.4em}
    details.aside[open]>summary,details.solution[open]>summary{margin-bottom:.6rem}
    .exercise{margin:2.2em 0 1.6em;padding-top:1.1rem;border-top:1px solid var(--line)}
    .exercise h3,.exercise h4{margin-top:0}
    .exercise h3 .label,.exercise h4 .label{font-style:normal;margin-right:.5em}
    details.solution{margin:.8em 0}
    details.solution[open]{border-left:2px solid var(--line);padding-left:1rem}

    """

  private static let figures = """
    figure{margin:2em 0 2.2em;clear:right}
    figure.figure,figure.table{width:var(--wide);margin-right:calc(34rem - var(--wide))}
    .art{max-width:calc(var(--w)*1.62px)}
    .art svg{display:block;width:100%;height:auto;overflow:visible}
    figcaption{font:.76rem/1.5 var(--sans);color:var(--muted);margin-top:.8rem;max-width:37rem}
    figcaption p{margin:0 0 .35rem;text-wrap:pretty}
    figcaption .label{color:var(--ink);font-size:inherit;margin-right:.35em}
    figcaption mtext{font-family:var(--sans)}
    figure.table figcaption{margin:0 0 .6rem}
    figure.table>.scroll{width:max-content;max-width:var(--widest)}
    details.data summary{font-weight:400;font-size:.7rem}
    details.data p{margin:.4rem 0 .5rem}
    details.data .scroll{max-height:19rem;overflow:auto}
    table{border-collapse:collapse;font:.74rem/1.45 var(--sans);
      font-variant-numeric:lining-nums tabular-nums;border-block:1.5px solid var(--ink);
      min-width:min(100%,20rem)}
    .scroll.prose{margin:1.3em 0 1.5em}
    th,td{padding:.32rem .9rem .32rem 0;text-align:left;vertical-align:baseline}
    th:last-child,td:last-child{padding-right:.2rem}
    thead th{font-weight:600;border-bottom:.75px solid var(--ink);vertical-align:bottom}
    th.right,td.right{text-align:right}th.center,td.center{text-align:center}
    th.right,td.right{white-space:nowrap}
    td.short{white-space:nowrap}
    tbody tr+tr td{border-top:.75px solid var(--grid)}
    tr.total td{border-top:.75px solid var(--ink)!important;font-weight:600}
    .settings td:first-child{white-space:nowrap}
    details.data table{font-size:.66rem;border-block-width:1px}
    details.data th{position:sticky;top:0;background:var(--paper)}

    """

  private static let claims = """
    .claim,.judged{margin:2em 0;padding:.8rem 0 .1rem;border-top:1.5px solid var(--ink);
      border-bottom:.75px solid var(--line);clear:right}
    .head{display:flex;align-items:baseline;justify-content:space-between;gap:1rem;
      margin-bottom:.55rem;font-size:.72rem}
    .head a{text-decoration:none}
    .claim .statement{font-size:1.14rem;line-height:1.42}
    .claim blockquote{margin:.2rem 0 .9rem;padding:0 0 0 1rem;border-left:2px solid var(--line);
      font-size:.94rem}
    .claim blockquote p{margin:0}
    .claim blockquote footer{font:.7rem/1.6 var(--sans);color:var(--muted)}
    cite{font-style:normal}
    dl{margin:0 0 .6rem;display:grid;grid-template-columns:auto 1fr;column-gap:1.1rem;
      row-gap:.4rem;font-size:.86rem;line-height:1.5}
    dt{font:600 .68rem/1.9 var(--sans);color:var(--muted)}
    dd{margin:0;min-width:0}
    .claim:has(+.claim),.judged:has(+.judged){border-bottom:0;margin-bottom:0}
    .claim+.claim,.judged+.judged{margin-top:1em}
    .judged .statement{color:var(--muted);font-size:.9rem;margin-bottom:.4rem}
    .judged .reason{font-size:1.06rem}
    .badge{font:600 .72rem/1.4 var(--sans);white-space:nowrap;color:var(--shade);
      display:inline-flex;align-items:center;gap:.45em;--shade:var(--muted);letter-spacing:.005em}
    .badge::before{content:"";width:.72em;height:.72em;border-radius:50%;flex:none;
      border:.14em solid var(--shade)}
    .badge.holds,.badge.limit{--shade:var(--good)}
    .badge.fails{--shade:var(--bad)}
    .badge.holds::before,.badge.fails::before{background:var(--shade)}
    .badge.limit::before{background:linear-gradient(90deg,var(--shade) 50%,transparent 50%)}
    .badge.unjudged::before{border-style:dotted}
    .end{height:1px}
    .colophon,.statistics{margin-top:4rem}
    .part .statistics{margin-top:0}
    .colophon h2,.colophon h3{font-size:1.18rem;font-style:normal}
    .colophon dl,.statistics dl{font:.74rem/1.6 var(--sans);color:var(--muted);
      margin:1rem 0}
    .statistics td:first-child{min-width:11rem}
    .statistics .scroll{width:var(--wide);max-width:none;margin-right:calc(34rem - var(--wide))}
    .assumption{font:.74rem/1.6 var(--sans);color:var(--muted);margin-top:.8rem}
    .colophon dt,.statistics dt{line-height:1.6;font-size:.74rem}

    """

  private static let book = """
    nav.contents{grid-column:1;position:sticky;top:0;align-self:start;max-height:100vh;
      overflow-y:auto;padding:4.9rem 0 2rem;font:.72rem/1.4 var(--sans);color:var(--muted);
      scrollbar-width:thin}
    nav.contents a{text-decoration:none;display:block;padding:.22rem 0}
    nav.contents a:hover{color:var(--ink)}
    nav.contents .home{font:italic 1rem/1.25 var(--serif);color:var(--ink);margin-bottom:1rem}
    nav.contents ol{list-style:none;margin:0;padding:0}
    nav.contents ol ol{padding:.1rem 0 .5rem .8rem;border-left:1px solid var(--line)}
    nav.contents li{margin:0}
    nav.contents .toc>li{margin-bottom:.3rem}
    nav.contents a[aria-current]:not(.home){color:var(--ink);font-weight:600}
    nav.contents ol ol a{position:relative}
    nav.contents ol ol a[aria-current]::before{content:"";position:absolute;width:2px;
      left:calc(-.8rem - 1.5px);top:.22rem;bottom:.22rem;background:var(--ink)}
    .js .toc>li:not(.here)>ol{display:none}
    .bar{display:none}
    .title{margin-bottom:3.5rem}
    .title h1{font-size:3rem;margin-bottom:1rem}
    .title .lead{font-size:1.16rem;line-height:1.5;color:var(--muted)}
    .part{border-top:1.5px solid var(--ink);margin-top:6rem;padding-top:2rem}
    .scorecard{width:var(--wide);margin-right:calc(34rem - var(--wide))}
    .scorecard table{font:.86rem/1.45 var(--serif);width:100%;
      font-variant-numeric:lining-nums proportional-nums}
    .scorecard td{padding-top:.55rem;padding-bottom:.55rem}
    .scorecard th{font:600 .7rem/1.5 var(--sans)}
    .scorecard .no,.scorecard .no a{font:.7rem/1.5 var(--sans);color:var(--muted);
      text-decoration:none;white-space:nowrap}
    .scorecard .why{color:var(--muted);font-size:.8rem}
    .scorecard td a{text-decoration:none}
    .scorecard td a:hover{text-decoration:underline}
    .summary{font:.78rem/1.5 var(--sans);color:var(--muted);margin-bottom:1rem;
      display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;padding:0;list-style:none}

    """

  private static let narrow = """
    @media screen and (min-width:1320px){.footnotes.plain{display:none}}
    @media screen and (max-width:1319px){
      .sidenote{display:none}
      :root{--wide:34rem;--widest:34rem}
      .page{grid-template-columns:12rem minmax(0,34rem);column-gap:2.5rem}
    }
    @media screen and (max-width:960px){
      html{font-size:17px;scroll-padding-top:4rem}
      :root{--wide:100%;--widest:100%}
      .page{display:block;padding:0 1.25rem;max-width:37rem;margin:0 auto}
      main{padding:2rem 0 4rem}
      pre.code,.listing,.listing.program,figure.figure,figure.table,.scorecard,.statistics .scroll{
        width:auto;margin-right:0}
      .program{margin-inline:-1.25rem!important}
      pre.program{padding-inline:1.25rem;border-radius:0}
      .listing pre.program{margin-inline:0!important}
      .program .copy{right:1.25rem}
      h1{font-size:1.9rem}
      .title h1{font-size:2.3rem}
      .part h2{font-size:1.65rem}
      nav.contents{position:static;max-height:none;padding:1.5rem 0 1rem;font-size:.82rem;
        border-bottom:1px solid var(--line)}
      nav.contents a{padding:.34rem 0}
      .js .bar{display:flex;position:sticky;top:0;z-index:5;margin:0 -1.25rem;
        background:var(--paper);border:0;border-bottom:1px solid var(--line);color:var(--ink);
        font:.76rem/1.3 var(--sans);padding:.75rem 1.25rem;gap:.7rem;width:calc(100% + 2.5rem);
        text-align:left;cursor:pointer;align-items:baseline}
      .bar .word{font-weight:600}
      .bar .place{color:var(--muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
      .js nav.contents{display:none}
      .js nav.contents.open{display:block;position:sticky;top:2.6rem;z-index:4;
        background:var(--paper);max-height:80vh;margin:0 -1.25rem;padding:1rem 1.25rem}
      dl{grid-template-columns:1fr;row-gap:0}
      dd{margin-bottom:.6rem}
      .settings,.settings tbody{display:block}
      .settings thead{position:absolute;left:-100vw}
      .settings tr{display:grid;grid-template-columns:auto 1fr;column-gap:1rem;padding:.45rem 0}
      .settings td{padding:0;border:0!important;min-width:0;overflow-wrap:anywhere}
      .settings td:nth-child(2){text-align:right}
      .settings td:last-child{grid-column:1/-1;color:var(--muted)}
      .settings tr+tr{border-top:.75px solid var(--grid)}
      .scorecard thead{position:absolute;left:-100vw}
      .scorecard tr{display:grid;grid-template-columns:1fr auto;padding:.6rem 0}
      .scorecard td{padding:.1rem 0;border:0!important}
      .scorecard tr+tr{border-top:.75px solid var(--line)}
      .scorecard td.said,.scorecard td.why{grid-column:1/-1}
      .scorecard td.said{grid-row:2}
      .scorecard table{display:block}.scorecard tbody{display:block}
    }

    """

  private static let print = """
    @media screen and (max-width:600px){
      .art{overflow-x:auto;margin-inline:-1.25rem;padding-inline:1.25rem}
      .art svg{min-width:calc(var(--w)*1.12px)}
    }
    @media print{
      @page{margin:22mm 20mm}
      :root{\(FigureColors.light)--wide:100%;--widest:100%}
      html{font-size:10.5pt}
      .page{display:block;padding:0}
      main{padding:0}
      nav.contents,.bar,.copy,.skip,details.data{display:none!important}
      .sidenote{display:none}.footnotes.plain{display:block!important}
      pre.code,.listing,.listing.program,figure.figure,figure.table,.scorecard,.statistics .scroll{
        width:auto;margin-right:0}
      pre.code code{width:auto;white-space:pre-wrap}
      pre.code{orphans:4;widows:4}
      .scroll,.art,pre.code{overflow:visible;background:none}
      pre.program{background:var(--tint);break-inside:auto}
      .scroll table{font-size:.66rem}
      td,th{padding-right:.6rem}
      figure,.claim,.judged,tr{break-inside:avoid}
      h1,h2,h3,h4{break-after:avoid}
      .part{break-before:page;border:0}
      a{text-decoration:none}
    }

    """
}
