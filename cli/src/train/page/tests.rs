use super::*;
use crate::fit::purchases::Purchases;
use crate::train::figures::{BadRows, Day, Hits, InputFile, LeftOut, Length, Popularity};

/// Of a log whose names are as hostile as names can be.
fn figures() -> Figures {
    let text = str::to_owned;
    let size = |name: &str, bytes| Size { name: text(name), bytes, brotli: bytes / 2 };
    let purchases = [(0, 70, 68.5), (1, 20, 22.25), (7, 10, 9.25)];
    Figures {
        model: text("<site>.tbm"),
        files: vec![InputFile { name: text("logs/\"a\"`b`.csv"), rows: 990, bad_rows: 10 }],
        bad_rows: vec![BadRows {
            file: text("logs/\"a\"`b`.csv"),
            why: text("ts is \"x\", expected a time"),
            rows: 10,
            example: text("<script>alert(1)</script>,\u{202e}"),
        }],
        left_out: vec![LeftOut { what: text("items"), count: 12, why: text("fewer than 5 visitors") }],
        days: vec![
            Day { day: 20_000, visits: 100, visitors: 90, clicks: 300, purchases: 4 },
            Day { day: 20_002, visits: 140, visitors: 120, clicks: 500, purchases: 6 },
        ],
        lengths: vec![Length { clicks: 1, visits: 180 }, Length { clicks: 50, visits: 60 }],
        most_clicks: 50,
        popularity: vec![Popularity { items: 10, visits: 300 }, Popularity { items: 40, visits: 400 }],
        last_day: Some(LastDay {
            day: 20_002,
            visits: 80,
            predicted: 200,
            model: Hits { hr20: 0.5, mrr20: 0.25 },
            popular: Hits { hr20: 0.125, mrr20: 0.0625 },
        }),
        value: Some(Value {
            customers: 100,
            repeated: 30,
            parameters: vec![("r", 0.25), ("alpha", 30.5), ("a", 0.75), ("b", 2.5)],
            correlation: Some(0.125),
            purchases: purchases.map(|(times, observed, expected)| Purchases { times, observed, expected }).to_vec(),
            section: text("\"value\": {}"),
            section_json: serde_json::json!({}),
        }),
        shown: vec![
            Shown {
                variant: text("hero `<b>`"),
                visits: 2_500,
                goals: 130,
                prior: Some(serde_json::json!({"observations": 2500})),
            },
            Shown { variant: text("none"), visits: 40, goals: 0, prior: None },
        ],
        sections: vec![size("items", 100), size("all", 300)],
        shards: vec![size("site.boots.tbm", 80)],
    }
}

#[test]
fn the_page_asks_for_nothing_and_runs_nothing_whatever_names_say() {
    let page = html(&figures()).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    assert!(!page.contains("<script") && !page.contains('\u{202e}'), "{page}");
    for asks in ["src=", "@import", "url("] {
        assert!(!page.contains(asks), "{asks}");
    }
    let links: Vec<&str> = page.split("href=\"").skip(1).filter(|link| !link.starts_with('#')).collect();
    assert_eq!(links, Vec::<&str>::new());
    assert_eq!(page.matches("http").count(), page.matches("http://www.w3.org/2000/svg").count() + 1, "the header's");
    assert!(page.contains("default-src 'none'"), "and what has slipped in is refused");
}

#[test]
fn every_plot_is_a_table_as_well() {
    let page = html(&figures()).unwrap();
    let plots: Vec<&str> = page.split("</figure>").skip(1).collect();
    assert_eq!(plots.len(), 4, "visits, lengths, popularity, purchases");
    for after in plots {
        assert!(after.starts_with("\n<div class=\"table"), "{}", after.get(..80).unwrap_or(after));
    }
    let captions: Vec<&str> = page.split("<caption>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    let mut different = captions.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(captions.len(), different.len(), "a region is known by its caption: {captions:?}");
}

#[test]
fn what_there_is_nothing_of_is_left_out() {
    let page = html(&Figures { model: "site.tbm".to_owned(), ..Figures::default() }).unwrap();
    let headings: Vec<&str> = page.split("<h2").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).collect();
    assert_eq!(headings, ["What was read", "How large it is"]);
    assert!(!page.contains("<svg"), "{page}");
}

#[test]
fn the_same_figures_give_the_same_page_and_the_same_csv() {
    assert_eq!(html(&figures()).unwrap(), html(&figures()).unwrap());
    let expected = "\
section,name,value
rows,\"logs/\"\"a\"\"`b`.csv\",990
bad rows,\"logs/\"\"a\"\"`b`.csv\",10
bad rows by reason,\"logs/\"\"a\"\"`b`.csv: ts is \"\"x\"\", expected a time\",10
left out,items: fewer than 5 visitors,12
visits,2024-10-04,100
visitors,2024-10-04,90
clicks,2024-10-04,300
purchases,2024-10-04,4
visits,2024-10-06,140
visitors,2024-10-06,120
clicks,2024-10-06,500
purchases,2024-10-06,6
visits by clicks,1,180
visits by clicks,50,60
visits to the most popular items,10,300
visits to the most popular items,40,400
last day,day,2024-10-06
last day,visits,80
last day,items predicted,200
last day,hr20 model,0.5
last day,mrr20 model,0.25
last day,hr20 popular,0.125
last day,mrr20 popular,0.0625
customers,all,100
customers,bought again,30
lifetime value,r,0.25
lifetime value,alpha,30.5
lifetime value,a,0.75
lifetime value,b,2.5
lifetime value,correlation,0.125
customers by further purchases,0,70
\"customers by further purchases, expected\",0,68.5
customers by further purchases,1,20
\"customers by further purchases, expected\",1,22.25
customers by further purchases,7,10
\"customers by further purchases, expected\",7,9.25
visits with a variant,hero `<b>`,2500
\"visits with a variant, bought\",hero `<b>`,130
prior,hero `<b>`,\"{\"\"observations\"\":2500}\"
visits with a variant,none,40
\"visits with a variant, bought\",none,0
bytes,items,100
\"bytes, brotli\",items,50
bytes,all,300
\"bytes, brotli\",all,150
bytes,site.boots.tbm,80
\"bytes, brotli\",site.boots.tbm,40
";
    assert_eq!(figures().csv().unwrap(), expected);
}
