/* SPDX-License-Identifier: MIT */
#include "meaning/gate_parts.h"

/* An English word, and words of German, French, Spanish and Chinese, some of other languages,
 * that count as it does: as a number, a unit, a day, a denial, and by its opposites. No words
 * that English has for something else, where that is often said; without case, so "ss" stands
 * for the sharp s. */
static const struct {
	const char *english, *others;
} rows[] = {
	{ "not", "nicht kein keine keinen keinem keiner keines nie niemals ohne niemand nichts "
		 "pas jamais sans aucun aucune rien non nunca jamás sin ningún ninguno "
		 "ninguna nadie senza nessuno niente não nenhum nenhuma niet geen nooit zonder "
		 "不 没 沒 无 無 非 未 别 没有 "
		 "ない ません" },
	{ "one", "一" },
	{ "two", "zwei deux dos dois twee 二 两" },
	{ "three", "drei trois tres três drie 三" },
	{ "four", "vier quatre cuatro quattro quatro 四" },
	{ "five", "fünf cinq cinco cinque vijf 五" },
	{ "six", "sechs seis zes 六" },
	{ "seven", "sieben siete sette sete zeven 七" },
	{ "eight", "acht huit ocho otto oito 八" },
	{ "nine", "neun neuf nueve nove negen 九" },
	{ "ten", "zehn dix diez dieci dez tien 十" },
	{ "twelve", "zwölf douze doce dodici doze twaalf" },
	{ "twenty", "zwanzig vingt veinte venti vinte twintig" },
	{ "hundred", "hundert cien cento honderd 百" },
	{ "thousand", "tausend mille duizend 千" },
	{ "million", "millionen millones 百万" },
	{ "minute", "minuten minuto minutos 分钟" },
	{ "hour", "stunde stunden heure heures hora horas 小时" },
	{ "day", "tage tagen jour jours día días 天" },
	{ "week", "woche wochen semaine semaines semana semanas 周" },
	{ "month", "monat monate monaten mois meses 月 个月" },
	{ "year", "jahr jahre jahren année années año años 年" },
	{ "kilometer", "kilomètre kilomètres kilómetro kilómetros "
		       "公里" },
	{ "mile", "meile meilen millas 英里" },
	{ "monday", "montag lundi lunes 星期一 周一" },
	{ "tuesday", "dienstag mardi martes 星期二 周二" },
	{ "wednesday", "mittwoch mercredi miércoles 星期三 周三" },
	{ "thursday", "donnerstag jeudi jueves 星期四 周四" },
	{ "friday", "freitag vendredi viernes 星期五 周五" },
	{ "saturday", "samstag samedi sábado 星期六 周六" },
	{ "sunday", "sonntag dimanche domingo 星期日 星期天 "
		    "周日" },
	{ "january", "januar janvier enero" },
	{ "february", "februar février febrero" },
	{ "march", "märz marzo" },
	{ "april", "avril abril" },
	{ "may", "mai mayo" },
	{ "june", "juni juin junio" },
	{ "july", "juli juillet julio" },
	{ "august", "août agosto" },
	{ "september", "septembre septiembre" },
	{ "october", "oktober octobre octubre" },
	{ "november", "novembre noviembre" },
	{ "december", "dezember décembre diciembre" },
	{ "yesterday", "gestern ayer ieri 昨天" },
	{ "today", "heute aujourd'hui hoy oggi 今天" },
	{ "tomorrow", "morgen demain mañana domani 明天" },
	{ "night", "nacht nuit noche 夜" },
	{ "open", "öffnen öffne öffnet eröffnen eröffne ouvrir ouvre "
		  "ouvert abrir abro abre abierto 开 打开" },
	{ "close", "schliessen schliesse schliesst fermer ferme fermé cerrar "
		   "cierro cierra cerrado 关 关闭" },
	{ "increase", "erhöhen erhöhe steigern augmenter augmente aumentar aumento "
		      "增 增加" },
	{ "decrease", "senken senke verringern verringere reduzieren réduire réduis "
		      "diminuer diminue reducir reduzco disminuir 减 减少" },
	{ "large", "gross grosse grossen grösste grössten grand "
		   "grande grandes 大" },
	{ "small", "klein kleine kleinen kleinste kleinsten petit petite petites pequeño "
		   "pequeña pequeños 小" },
	{ "expensive", "teuer teure teuerste teuersten cher chère caro cara 贵" },
	{ "cheap", "billig billigste günstig günstigste barato barata 便宜" },
	{ "lock", "sperren sperre bloquer bloque bloquear bloqueo" },
	{ "unlock", "entsperren entsperre débloquer débloque desbloquear desbloqueo" },
	{ "buy", "kaufen kaufe acheter achète comprar compro 买" },
	{ "sell", "verkaufen verkaufe vendre vends vender vendo 卖" },
	{ "upload", "hochladen cargar 上传" },
	{ "download", "herunterladen télécharger descargar 下载" },
	{ "deposit", "einzahlen einzahlung déposer depositar ingresar 存" },
	{ "withdraw", "auszahlen auszahlung abheben retirer retirar 取" },
	{ "enable", "aktivieren aktiviere einschalten activer active activar activo" },
	{ "disable", "deaktivieren deaktiviere ausschalten désactiver désactive desactivar "
		     "desactivo" },
	{ "login", "einloggen anmelden" },
	{ "logout", "ausloggen abmelden" },
	{ "first", "erste ersten erster premier première primero primera" },
	{ "last", "letzte letzten letzter dernier dernière último última" },
	{ "next", "nächste nächsten prochain prochaine próximo próxima" },
	{ "more", "mehr más 多" },
	{ "less", "weniger moins menos 少" },
	{ "before", "avant antes" },
	{ "after", "après después" },
	{ "left", "gauche izquierda 左" },
	{ "right", "rechts droite derecha 右" },
	{ "above", "oben arriba 上" },
	{ "below", "unten abajo 下" },
	{ "high", "hoch hohe hohen höchste höchsten 高" },
	{ "low", "niedrig niedrige niedrigste niedrigsten 低" },
	{ "good", "gut gute guten bon bonne bueno buena 好" },
	{ "bad", "schlecht schlechte mauvais mauvaise malo mala 坏" },
	{ "hot", "heiss chaud chaude caliente 热" },
	{ "cold", "kalt kalte froid froide frío fría 冷" },
	{ "fast", "schnell schnelle rapide rápido rápida 快" },
	{ "slow", "langsam langsame lent lente lento lenta 慢" },
	{ "old", "alt alte alten ancien ancienne vieux viejo vieja antiguo 旧" },
	{ "new", "neu neue neuen nouveau nouvelle nuevo nueva 新" },
	{ "win", "gewinnen gewinnt gagner gagne ganó ganar 赢" },
	{ "lose", "verlieren verliert perdre perd perdió perder 输" },
	{ "send", "senden sende envoyer envoie enviar envío 发送" },
	{ "receive", "empfangen empfange recevoir reçois recibir recibo 接收" },
	{ "start", "starten starte démarrer démarre iniciar inicio 开始" },
	{ "stop", "stoppen stoppe beenden beende arrêter arrête detener 停止" },
	{ "add", "hinzufügen ajouter ajoute añadir agregar 添加" },
	{ "remove", "entfernen löschen supprimer supprime eliminar quitar 删除" },
	{ "advantage", "vorteil vorteile avantage avantages ventaja ventajas 优点" },
	{ "disadvantage", "nachteil nachteile inconvénient inconvénients desventaja "
			  "desventajas 缺点" },
	{ "mother", "mutter mère madre" },
	{ "father", "vater père padre" },
	{ "brother", "bruder frère hermano" },
	{ "sister", "schwester sœur hermana" },
	{ "allow", "erlaubt autorisé permitido" },
	{ "forbid", "verboten interdit prohibido" },
	{ "enter", "进" },
	{ "exit", "出" },
	{ "my", "我的" },
	{ "your", "你的 您的" },
	{ "?who", "wer qui quién 谁" },
	{ "?when", "wann quand cuándo 什么时候 何时" },
	{ "?where", "wo où dónde 哪里 哪儿" },
	{ "?why", "warum wieso pourquoi 为什么" },
	{ "morning", "上午 vormittag" },
	{ "afternoon", "下午 nachmittag" },
	/* signs that deny, count or have opposites elsewhere: small words, then words */
	{ "the", "的 了 吗 呢 吧 请 是 不同 不过 不错 不仅 是不是 能不能 有没有 会不会 可不可 "
		 "多少 关于 "
		 "大家 大概 最好 你好 特别 非常 左右" },
	{ "thing", "区别 分别 别人 别的 关系 未来 天气 上海 大学 大人 小说 小学 开发" },
};

void
gate_alike(void (*each)(struct slice english, struct slice other))
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct slice rest = slice_z(rows[i].others);

		while (rest.len) {
			size_t n = slice_find(rest, ' ');

			each(slice_z(rows[i].english), slice_take(rest, n));
			rest = slice_drop(rest, n + 1);
		}
	}
}
