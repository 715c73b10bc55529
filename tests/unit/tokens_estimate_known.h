/* SPDX-License-Identifier: MIT */
/* Texts, and what the tokenizers of the families make of them; the order is that of known[]. */
/* clang-format off */
	{
	    "The committee met twice in spring, and both times it put the question of the b"
	    "ridge off until somebody could say who had paid for the last one.",
	    30, 38, 30, 30, 30, 30, 30, 30 },
	{
	    "Please summarise the attached minutes in five bullet points, name whoever owns"
	    " each task, and leave out anything that was only repeated.",
	    26, 40, 25, 26, 26, 26, 26, 26 },
	{
	    "def moving_average(values, width):\n    window = []\n    for value in values:\n"
	    "        window.append(value)\n        if len(window) > width:\n            win"
	    "dow.pop(0)\n        yield sum(window) / len(window)\n",
	    59, 63, 60, 45, 46, 45, 46, 54 },
	{
	    "static int\ncompare_names(const void *a, const void *b)\n{\n\treturn strcmp((("
	    "const struct name *)a)->text, ((const struct name *)b)->text);\n}\n",
	    44, 55, 44, 37, 38, 37, 37, 44 },
	{
	    "{\"id\":\"ord_20391\",\"customer\":{\"name\":\"Ada Example\",\"tier\":\"gold\""
	    "},\"items\":[{\"sku\":\"A-77\",\"qty\":3,\"price\":\"12.50\"},{\"sku\":\"B-02\""
	    ",\"qty\":1,\"price\":\"199.00\"}],\"paid\":true}",
	    66, 92, 71, 58, 64, 68, 74, 67 },
	{
	    "2026-03-04T08:15:30.120Z WARN gateway[2211]: upstream 10.0.3.17:8443 answered "
	    "503 after 3 tries, 1204 ms\n2026-03-04T08:15:31.004Z INFO gateway[2211]: retry"
	    " ok, 88 ms\n",
	    80, 99, 105, 74, 76, 105, 106, 106 },
	{
	    "year,units,revenue\n2021,10452,88310.25\n2022,11873,97204.10\n2023,12990,10411"
	    "8.75\n2024,15321,131990.00\n",
	    49, 51, 88, 50, 51, 88, 89, 88 },
	{
	    "Der Zug nach Hamburg fährt heute wegen einer Störung erst um Viertel nach neun"
	    " ab; bitte achten Sie auf die Durchsagen am Bahnsteig.",
	    45, 65, 30, 38, 39, 38, 31, 32 },
	{
	    "La réunion est repoussée à jeudi, parce que deux des trois salles sont déjà ré"
	    "servées et que la troisième n'a pas de chauffage.",
	    43, 50, 30, 37, 34, 37, 30, 30 },
	{
	    "El ayuntamiento anunció que las obras del mercado terminarán antes del verano,"
	    " aunque los comerciantes todavía no lo creen.",
	    34, 47, 22, 32, 30, 30, 25, 22 },
	{
	    "Поезд отправляется в девять часов утра с третьего пути, поэтому приходите на в"
	    "окзал заранее и не забудьте билеты.",
	    47, 47, 29, 34, 36, 34, 33, 25 },
	{
	    "会议改到星期四下午三点,请大家提前把修改意见发给我,并且带上上个月的报告。",
	    38, 38, 25, 30, 21, 23, 32, 27 },
	{
	    "会議は木曜日の午後三時に変更されました。先月の報告書を忘れずに持ってきてください。",
	    38, 38, 22, 30, 30, 26, 28, 25 },
	{
	    "회의는 목요일 오후 세 시로 변경되었습니다. 지난달 보고서를 꼭 가져와 주세요.",
	    47, 47, 27, 24, 30, 27, 22, 22 },
	{
	    "تم تأجيل الاجتماع إلى يوم الخميس بعد الظهر، لذا يرجى إحضار تقرير الشهر الماضي.",
	    55, 55, 25, 28, 29, 25, 22, 28 },
	{
	    "बैठक गुरुवार दोपहर तीन बजे के लिए टाल दी गई है, कृपया पिछले महीने की रिपोर्ट स"
	    "ाथ लाएँ।",
	    63, 63, 36, 47, 55, 83, 39, 61 },
	{
	    "## Release notes\n\n- **Fixed:** the parser no longer drops the last line\n- *"
	    "*New:** `--strict` stops at the first error\n\n| option | default |\n|---|---|"
	    "\n| `--limit` | 100 |\n",
	    51, 67, 52, 50, 47, 52, 50, 51 },
	{
	    "So excited for the launch today 🚀🎉 thanks to everyone who helped ❤️ see you at"
	    " the party 🕺💃",
	    35, 42, 22, 29, 29, 26, 36, 28 },
	{
	    "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsb25nZXIgdGV4dCB0aGF0IG5vYm9keSByZWFkcyBidXQgZX"
	    "Zlcnlib2R5IHBheXMgZm9y",
	    90, 93, 65, 68, 65, 70, 75, 65 },
	{
	    "QUARTERLY REPORT: ALL DEPARTMENTS MUST SUBMIT THEIR FINAL BUDGET NUMBERS BEFOR"
	    "E FRIDAY, NO EXCEPTIONS.",
	    29, 76, 21, 29, 31, 29, 35, 31 },
/* clang-format on */
