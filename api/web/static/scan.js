/* Checks a scanned pack on the reader's own phone: fetches its evidence, has verify.js verify it, and compares
   what this page shows with what the verified entries say. Both go out as one file: where a browser cannot read
   it, or runs no script, what the page says of itself stays: that nothing was checked. */
"use strict";
(function () {
  var place = document.getElementById("check");
  if (!place) return;
  var say = {}, zh = document.documentElement.lang.indexOf("zh") === 0;
  place.dataset.words.split("\n").forEach(function (line) {
    var cut = line.indexOf("=");
    say[line.slice(0, cut)] = line.slice(cut + 1);
  });
  function show(tone, text) {
    place.className = "check tone " + tone;
    place.textContent = text;
  }
  function warn(text) { // no green word may stand above a check that failed
    var card = place.parentNode, heading = card.querySelector("h1");
    show("bad", text);
    card.className = "verdict bad";
    card.querySelector(".lead").hidden = true;
    heading.textContent = say.heading;
    card.insertBefore(place, heading.nextSibling);
  }
  function list(verdict, compared) { // every check by name, with how it ended
    var card = document.getElementById("marks"), lines = card.querySelector("ul");
    function line(tone, text) {
      var item = document.createElement("li");
      item.className = "tone " + tone;
      item.textContent = text;
      lines.appendChild(item);
    }
    Object.keys(verdict.marks).forEach(function (name) {
      var mark = verdict.marks[name], said = say["check." + name];
      if (mark === "holds") line("good", "✓ " + said);
      else if (mark === "fails") line("bad", "✗ " + said);
      else line("none", "– " + said + say.colon + say.not_shown);
    });
    if (compared) line("good", "✓ " + say.compared);
    card.hidden = false;
  }
  function fill(text, parts) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return parts[name]; });
  }
  show("none", say.running);
  if (!window.fetch) { show("none", say.unable); return; }

  function Differs(fact, what) { this.fact = fact; this.what = what; }
  function same(fact, shown, said) { if (shown !== said) throw new Differs(fact, shown); }
  function all(from, selector) { return Array.prototype.slice.call(from.querySelectorAll(selector)); }
  function text(element) { return element.textContent.replace(/\s+/g, " ").trim(); }
  function last(url) { return String(url).split("/").pop(); }
  function mass(grams) { // as trace/quantities.py writes it
    var tons = grams >= 1e6 && grams % 1000 === 0;
    var parts = String(grams < 1000 ? grams : tons ? grams / 1e6 : grams / 1000).split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return parts.join(".") + " " + (zh ? ["克", "公斤", "吨"] : ["g", "kg", "t"])[grams < 1000 ? 0 : tons ? 2 : 1];
  }
  var MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  function moment(time) { // 2026-03-05T08:00:00.000+08:00, as the page writes it
    var p = /^(\d+)-(\d+)-(\d+)T(\d\d:\d\d)/.exec(time);
    if (zh) return p[1] + "年" + Number(p[2]) + "月" + Number(p[3]) + "日 " + p[4];
    return Number(p[3]) + " " + MONTHS[p[2] - 1] + " " + p[1] + ", " + p[4];
  }
  function written(element) { return zh ? text(element) : text(element).replace("Sept", "Sep"); }

  // What a verified step says of its lots: the names it lists, those it made, and those it made them from
  function named(list) { return (list || []).map(function (each) { return last(each.epcClass); }); }
  function touched(event) {
    var made = (event["tcm:lots"] || []).map(function (each) { return last(each.lot); });
    var lots = named(event.inputQuantityList).concat(named(event.outputQuantityList), named(event.quantityList),
      named(event.childQuantityList));
    var rest = lots.filter(function (lot) { return made.indexOf(lot) < 0; });
    var uses = made.length > 0 || event["tcm:stage"] === "pack";
    return {made: made, used: uses ? rest : [], seen: uses ? [] : rest};
  }
  // The lots ours came from, each with the last moment at which some of it left for ours
  function wayOf(lot, steps) {
    var lots = [lot], left = Object.create(null), edges = Object.create(null);
    for (var at = 0; at < lots.length; at++) {
      steps.forEach(function (leaf) {
        var event = leaf.public.event, of = touched(event), then = Date.parse(event.eventTime);
        if (of.made.indexOf(lots[at]) < 0) return;
        of.used.forEach(function (source) {
          edges[source + " " + lots[at]] = event;
          left[source] = Math.max(left[source] || then, then);
          if (lots.indexOf(source) < 0) lots.push(source);
        });
      });
    }
    return {lot: lot, lots: lots, left: left, edges: edges};
  }
  // The steps by code that name our pack, or what it stood in then, and when it left its lot (trace/pack_way.py)
  function packWay(steps, serial) {
    var standsIn = [serial], own = Object.create(null), left = Infinity;
    steps.filter(byCode).sort(function (a, b) { return a.public.nth - b.public.nth; }).forEach(function (leaf) {
      var event = leaf.public.event, stage = event["tcm:stage"], height = -1;
      standsIn.forEach(function (each, at) {
        if (height < 0 && event["tcm:codes"].some(function (r) { return r[0] <= each && each <= r[1]; })) height = at;
      });
      if (height >= 0 || event["tcm:container"] === serial) own[leaf.id] = true;
      if (height < 0) return;
      var ends = /^(sale|dispense|destroy)$/.test(stage) && !event.destinationList;
      if (ends || /nest$/.test(stage)) standsIn.length = height + 1;
      if (stage === "nest") standsIn.push(event["tcm:container"]);
      if (!/nest$/.test(stage)) left = Math.min(left, leaf.public.nth);
    });
    return {own: own, left: left};
  }
  function byCode(leaf) { return leaf.public.event["tcm:codes"] && leaf.public.event["tcm:stage"] !== "pack"; }
  function onTheWay(leaf, way, packed) { // the rules of trace/story_reading.py, from verified entries alone
    var event = leaf.public.event, of = touched(event), stage = event["tcm:stage"];
    function ours(lot) { return way.lots.indexOf(lot) >= 0; }
    if (stage === "pack") return leaf.id === packed;
    if (byCode(leaf)) return way.pack.own[leaf.id];
    return of.made.some(ours) || of.seen.some(function (lot) {
      return ours(lot) && (stage === "test" || (lot === way.lot ? way.position(leaf) < way.pack.left
        : Date.parse(event.eventTime) <= way.left[lot]));
    });
  }

  function compare(verdict) {
    var bySubject = Object.create(null), byId = Object.create(null), shown = Object.create(null);
    var waiting = Object.create(null), pending = 0, counted = 0;
    var steps = verdict.leaves.filter(function (leaf) { return leaf.kind === "step"; });
    var wrong = Object.create(null); // steps the log has a correction of: shown struck out, and no part of the way
    verdict.leaves.forEach(function (leaf) {
      if (leaf.kind === "correction") wrong["urn:uuid:" + leaf.public.step] = true;
    });
    var way = verdict.lot && wayOf(last(verdict.lot), steps.filter(function (leaf) { return !wrong[leaf.id]; }));
    if (way) {
      way.pack = packWay(steps, verdict.serial);
      way.position = function (leaf) { // a step in the place of a wrong one counts where that stood
        var wrong = byId["urn:uuid:" + leaf.public.corrects];
        return wrong ? way.position(wrong) : leaf.public.nth;
      };
    }
    verdict.leaves.forEach(function (leaf) {
      byId[leaf.id] = leaf;
      bySubject[leaf.subject] = bySubject[leaf.subject] || leaf;
    });
    function registered(subject) {
      if (!bySubject[subject]) throw new Differs("party", subject);
      return bySubject[subject].public;
    }
    function placed(element, id, party) { // a place may be shown without the name of its party before it
      var whole = registered("place/" + id).name, name = text(element).split(" · ").slice(1).join(" · ");
      var rest = party && whole.indexOf(party) === 0 ? whole.slice(party.length).trim() : whole;
      if (name !== whole && name !== rest) throw new Differs("place", name);
    }
    function fact(name, said, of) {
      var found = all(document, "[data-fact=" + name + "]");
      if (!found.length) throw new Differs(name, "");
      found.forEach(function (e) { same(name, of ? of(e) : text(e), said); });
    }
    function pack() {
      var step = byId[verdict.packed].public.event;
      fact("code", verdict.code, function (e) { return text(e).replace(/-/g, ""); });
      fact("lot", last(verdict.lot));
      fact("mass", mass(step["tcm:gramsPerPack"]));
      if (step.eventTimeZoneOffset === "+08:00") fact("packed", moment(step.eventTime), written);
    }
    function herb(element) {
      var known = steps.some(function (leaf) {
        return (leaf.public.event["tcm:lots"] || []).some(function (each) {
          return way.lots.indexOf(last(each.lot)) >= 0 && each.herb === text(element);
        });
      });
      if (!known) throw new Differs("herb", text(element));
    }
    function amounts(element, event) {
      var lists = [].concat(event.inputQuantityList || [], event.outputQuantityList || [], event.quantityList || [],
        event.childQuantityList || []);
      var stated = lists.map(function (each) {
        var lot = last(each.epcClass), grams = each.quantity;
        return lot + (grams === undefined ? "" : zh ? "（" + mass(grams) + "）" : " (" + mass(grams) + ")");
      });
      var said = all(element, "bdi").map(text);
      said.forEach(function (each) {
        if (stated.indexOf(each) < 0) throw new Differs("amount", each);
      });
      same("amount", said.sort().join(), stated.sort().join());
    }
    function fields(element, event) {
      var line = element.querySelector("[data-fields]"), stated = event["tcm:fields"] || {};
      var said = line ? JSON.parse(line.dataset.fields) : {};
      Object.keys(said).concat(Object.keys(stated)).forEach(function (name) {
        if (said[name] !== stated[name]) throw new Differs("field", name);
      });
    }
    function parties(element, event) {
      function name(id) { return registered("party/" + last(id)).name; }
      var from = event.sourceList, to = event.destinationList;
      same("party", text(element), from ? name(from[0].source) + " → " + name(to[0].destination)
        : name(event["tcm:party"]));
    }
    function group(element) { // many steps told as one: each is named, and all are of one stage
      var firms = [], times = [], texts = all(element, "time").map(written);
      element.dataset.steps.split(" ").forEach(function (each) {
        var id = "urn:uuid:" + each, leaf = byId[id];
        if (!leaf) { waiting[id] = true; pending++; return; }
        var event = leaf.public.event;
        if (leaf.kind !== "step" || wrong[id] || shown[id]) throw new Differs("step", each);
        shown[id] = true;
        same("step", element.dataset.stage, event["tcm:stage"]);
        same("signer", verdict.holders[leaf.index], last(event["tcm:party"]));
        firms.push(registered("party/" + last(event["tcm:party"])).name);
        times.push(event.eventTime);
        counted++;
      });
      all(element, "bdi").map(text).forEach(function (name) {
        if (firms.length && firms.indexOf(name) < 0) throw new Differs("party", name);
      });
      times.sort(function (a, b) { return Date.parse(a) - Date.parse(b); });
      if (!element.dataset.steps.split(" ").every(function (each) { return shown["urn:uuid:" + each]; })) return;
      same("time", texts[0], moment(times[0]));
      same("time", texts[1], moment(times[times.length - 1]));
    }
    function step(element) {
      if (element.dataset.steps) { group(element); return; }
      var head = element.querySelector("h3"), link = element.querySelector("a[href^='/v1/receipts/']");
      var id = link ? decodeURIComponent(link.pathname).slice("/v1/receipts/".length) : head.dataset.id;
      var leaf = byId[id], index = link && Number(text(link).replace(/\D/g, ""));
      if (!link || index >= verdict.head.size) { waiting[id] = true; pending++; return; }
      if (!leaf || leaf.kind !== "step" || leaf.index !== index || shown[id]) throw new Differs("step", text(head));
      shown[id] = true;
      same("step", element.className === "corrected", Boolean(wrong[id]));
      var event = leaf.public.event;
      same("step", head.dataset.stage, event["tcm:stage"]);
      same("time", written(element.querySelector("time")), moment(event.eventTime));
      same("signer", verdict.holders[leaf.index], last(event["tcm:party"]));
      var lines = element.querySelectorAll("p");
      parties(lines[1], event);
      placed(lines[2], last(event.readPoint.id), registered("party/" + last(event["tcm:party"])).name);
      amounts(element, event);
      fields(element, event);
      counted++;
    }
    function result(row) { return row.dataset.measurand + " " + text(row.querySelector("[data-value]")); }
    function tests() { // each result on the page is a verified one, and none of a step that is shown is missing
      var said = Object.create(null);
      all(document, "[data-result]").forEach(function (row) {
        var id = row.dataset.result;
        if (waiting[id]) return;
        var stated = shown[id] ? byId[id].public.event["tcm:results"] || [] : [];
        if (!stated.some(function (each) { return asShown(each) === result(row); })) {
          throw new Differs("test", text(row.querySelector("[data-value]")));
        }
        said[id + " " + result(row)] = true;
      });
      var left = document.querySelector("[data-left]"), unsaid = [];
      Object.keys(shown).forEach(function (id) {
        if (wrong[id]) return;
        (byId[id].public.event["tcm:results"] || []).forEach(function (each) {
          if (!said[id + " " + asShown(each)]) unsaid.push(each.measurand);
        });
      });
      if (unsaid.length > (left ? Number(left.dataset.left) : 0)) throw new Differs("hidden", unsaid[0]);
    }
    function day(ms) { return new Date(ms + 288e5).toISOString().slice(0, 10); } // in Beijing
    function licence(element) {
      var leaf = byId[element.dataset.licence], shownDays = text(element.querySelector(".valid")), said, days;
      if (!leaf) { pending++; return; }
      said = leaf.public;
      same("licence", leaf.kind, "party.licensed");
      same("licence", text(element.querySelector(".number")), said.number);
      days = [day(said.valid_from_ms)];
      if (said.valid_until_ms !== null) days.push(day(said.valid_until_ms - 1));
      var ended = verdict.leaves.filter(function (each) {
        return each.kind === "party.licence_withdrawn" && each.subject === leaf.subject && each.index > leaf.index
          && each.public.licence === said.licence && each.public.number === said.number;
      });
      if (ended.length) days.push(day(ended[0].public.from_ms));
      same("licence", (shownDays.match(/\d{4}-\d\d-\d\d/g) || []).join(), days.join());
    }
    function asShown(each) { return each.measurand + " " + (each.value + " " + each.unit).trim(); }
    function line(row) { // of the table of lots
      var cells = all(row, "td").map(text), event = way && way.edges[cells[0] + " " + cells[1]];
      if (!event) throw new Differs("amount", cells[0] + " → " + cells[1]);
      var stated = (event.inputQuantityList || event.quantityList || []).concat(event.outputQuantityList || []);
      if (cells[3] !== "–" && !stated.some(function (each) {
        return cells.indexOf(last(each.epcClass)) >= 0 && mass(each.quantity) === cells[3];
      })) throw new Differs("amount", cells[3]);
    }
    function hidden(leaf) {
      if (shown[leaf.id] || !onTheWay(leaf, way, verdict.packed)) return;
      if (leaf.index >= Number(place.dataset.size)) throw new Differs("reload", "");
      throw new Differs("hidden", leaf.id);
    }
    all(document, "ol.way > li").forEach(step);
    all(document, "[data-place]").forEach(function (e) {
      var told = e.dataset.place.split(" "), known = byId["place/" + told[0]];
      if (!known) { pending++; return; }
      same("place", told[1], known.public.division);
      placed(e, told[0]);
    });
    if (verdict.code === null) {
      tests();
      return {steps: counted, pending: pending + 1};
    }
    pack();
    all(document, "[data-fact=herb]").forEach(herb);
    all(document, "[aria-labelledby=lineage-heading] tbody tr").forEach(line);
    all(document, "[data-licence]").forEach(licence);
    steps.forEach(hidden);
    tests();
    return {steps: counted, pending: pending};
  }

  function daysSince(ms) { return Math.floor((Date.now() - ms) / 864e5); }
  function conclude(verdict) {
    if (!verdict.ok) {
      warn(fill(say.failed, {what: say["check." + verdict.failed]}));
      list(verdict, false);
      return;
    }
    var found = compare(verdict), head = verdict.head, parts = {
      steps: found.steps, signatures: verdict.leaves.length, witnesses: head.witnesses.length,
      size: verdict.complete_to, pending: found.pending,
    };
    var said = fill(say.good, parts) + fill(head.witnesses.length ? say.witnessed : say.unwitnessed, parts);
    said += fill(verdict.complete_to === null ? say.incomplete : say.complete, parts);
    if (found.pending) said += fill(say.pending, parts);
    var days = head.seen_s === null ? 0 : daysSince(head.seen_s * 1000), late = 0;
    verdict.leaves.forEach(function (leaf) { // the log states an index every day; an old one hides what came since
      if (leaf.kind === "subjects.indexed" && leaf.public.size === verdict.complete_to) late = daysSince(leaf.at_ms);
    });
    if (days >= 2) said += fill(say.old, {days: days});
    if (late >= 2) said += fill(say.stale, {days: late});
    list(verdict, true);
    show(found.pending || days >= 2 || late >= 2 || verdict.complete_to === null ? "doubt" : "good", said);
  }
  fetch(place.dataset.evidence, {cache: "no-cache"}).then(function (answer) {
    if (!answer.ok) throw new Error(answer.status);
    return answer.arrayBuffer();
  }).then(function (body) {
    return window.daodiVerify(new Uint8Array(body), document.getElementById("policy").textContent, {}).then(conclude).catch(function (fault) {
      if (!(fault instanceof Differs)) fault = new Differs("step", "");
      if (fault.fact === "reload") show("doubt", say.reload);
      else warn(fill(say.differs, {fact: say["fact." + fault.fact], what: fault.what}));
    });
  }, function () { show("none", say.unreached); });
})();
