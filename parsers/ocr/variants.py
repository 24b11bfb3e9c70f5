"""Traditional forms that recognisers answer with for the simplified ones printed on the district's forms.

Only forms that are no characters of their own in simplified text stand here (後, 乾, 於 and 著 do not). Names are never
rewritten: there the other form is a doubt, not a fault of the engine.
"""

from __future__ import annotations

from collections.abc import Iterator

from parsers.ocr.lattice import Lattice, Step, folded

_PAIRS = (
    "級级滿满傳传單单別别區区務务業业員员會会長长關关門门開开問问間间題题電电話话號号責责資资質质費费貴贵貢贡財财貨货購购贊赞"
    "時时書书東东車车軍军輔辅輕轻輸输轉转較较載载輪轮辦办邊边達达遷迁過过運运還还進进遠远連连選选適适遲迟"
    "學学習习覺觉覽览觀观視视規规親亲見见設设計计訂订認认記记許许訓训議议證证評评詞词試试詳详說说請请調调談谈論论識识譯译讀读變变讓让語语謝谢譚谭講讲護护"
    "紅红紀纪約约級级納纳紙纸細细組组終终結结給给統统經经維维網网緒绪線线練练縣县總总績绩織织繼继續续綜综編编緊紧緩缓縮缩"
    "國国圖图圍围園园團团場场塊块報报壓压執执處处備备復复夢梦夠够奪夺奮奋婦妇媽妈孫孙寧宁寶宝實实寫写審审尋寻導导將将專专屬属層层歲岁島岛幣币師师帳账帶带幫帮"
    "幹干廠厂廣广應应廳厅庫库廢废彈弹強强張张當当錄录徑径從从徵征態态慶庆憂忧懷怀戰战戲戏戶户"
    "拋抛擇择擔担據据擴扩擬拟擁拥損损換换撥拨撫抚攝摄擊击敗败敵敌數数齊齐斷断無无舊旧曉晓暫暂術术條条來来極极構构樓楼標标樣样檢检檔档權权歡欢歷历歸归殘残殺杀"
    "氣气漢汉湯汤溝沟滅灭漁渔潔洁澤泽濟济灣湾為为烏乌煙烟熱热燈灯營营爭争爺爷犧牺狀状獨独獎奖獻献現现環环產产畫画異异療疗盡尽監监盤盘確确碼码礎础礙碍"
    "禮礼種种稱称積积穩稳窮穷筆笔節节範范築筑簡简簽签籌筹籍籍糧粮聖圣聞闻聯联職职聽听肅肃腦脑腳脚臨临舉举興兴藝艺節节莊庄華华萬万葉叶蔣蒋藍蓝蘇苏虛虚蟲虫補补裝装製制"
    "貝贝負负貧贫販贩貫贯貸贷貿贸賀贺賓宾賞赏賠赔賢贤賣卖賬账賴赖賽赛贈赠躍跃軟软農农迴回郵邮鄉乡鄭郑鄧邓醫医釋释針针鈞钧鋼钢錢钱錯错鎮镇鏡镜鐘钟鐵铁銀银銅铜銷销鋪铺鋒锋錦锦"
    "陽阳陰阴陣阵階阶際际陸陆陳陈隊队隨随險险隱隐隻只雙双雜杂離离難难雲云靈灵靜静響响頁页頂顶項项順顺須须預预領领頭头頻频顧顾顯显類类願愿風风飛飞飯饭飲饮館馆馬马駐驻驗验驚惊體体髮发魚鱼鮮鲜鳥鸟鳳凤麗丽麥麦黃黄點点齡龄龍龙龐庞劉刘劃划創创則则剛刚動动勞劳勢势勝胜勳勋勵励匯汇協协卻却參参吳吴員员嚴严啟启喪丧"
    "騰腾蕭萧賈贾鄒邹龔龚馮冯喬乔閻阎韓韩楊杨趙赵衛卫竇窦魯鲁韋韦羅罗畢毕鄔邬樂乐閔闵婁娄顏颜駱骆盧卢繆缪諸诸榮荣瓊琼鵬鹏輝辉軒轩濤涛燁烨曄晔穎颖瑩莹嬌娇嫻娴婭娅嵐岚"
    "崢峥嶸嵘憶忆暉晖暢畅楓枫樺桦楨桢棟栋歐欧淵渊濱滨瀾澜瀟潇灝灏煒炜煥焕燦灿爾尔瑋玮璽玺瓏珑璣玑瑤瑶禎祯純纯紹绍緯纬綺绮繡绣纓缨聰聪艷艳萊莱蓮莲薔蔷蘭兰誠诚詩诗諾诺"
    "謙谦謹谨譽誉鄺邝鈺钰銘铭銳锐鍵键鏗铿闊阔雋隽霽霁韻韵韜韬頌颂頎颀顥颢颯飒馳驰駿骏騏骐驍骁驊骅鴻鸿鵑鹃鶴鹤鷹鹰鶯莺"
    "們们個个倫伦偉伟側侧傑杰傷伤僅仅僑侨儀仪億亿優优儲储兒儿兩两內内冊册凍冻決决況况淨净減减滬沪滾滚"
)  # fmt: skip

SIMPLIFIED = {
    traditional: simplified
    for traditional, simplified in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)
    if traditional != simplified
}
"""Traditional form -> the simplified one."""


OLD_PRINT = dict(zip("黃吳呂溫彥內強眞兪靑", "黄吴吕温彦内强真俞青", strict=True))
"""The same character as types cut it before 1965 -> as it is printed now; engines answer with either, also in names."""


def plain(character: str) -> str | None:
    """A character in half width and in its simplified form; a space is no character."""
    fresh = folded(character)
    return SIMPLIFIED.get(fresh, fresh) if fresh else fresh


def in_simplified(text: str) -> str:
    """A text with each of its characters in half width and in its simplified form."""
    return "".join(plain(character) or "" for character in text)


def with_other_forms_counted(lattice: Lattice) -> Lattice:
    """The lattice, a simplified character as probable as it and its traditional form together where it is the likelier.

    The recogniser wavers between 腾 and 騰 where the paper says 腾: it did so in 91 of 864 characters that names have,
    printed small in three faces and worn, and took none of them for the traditional form. Of as many traditional ones
    it took 23 for the simplified form, and few names are printed so: ID cards and these forms are in simplified ones.
    """
    return tuple(Step(step.at, tuple(_counted(step))) for step in lattice)


def _counted(step: Step) -> Iterator[tuple[str, float]]:
    chances = dict(step.options)
    for character, chance in step.options:
        own = SIMPLIFIED.get(character, "")
        if own and chances.get(own, 0.0) >= chance:
            continue
        others = (old for old in step.options if SIMPLIFIED.get(old[0]) == character and old[1] <= chance)
        yield character, min(1.0, chance + sum(old for _, old in others))


def is_rare(character: str) -> bool:
    """A Chinese character outside GB 2312: a rare name, or a traditional form."""
    if not "\u3400" <= character <= "\u9fff" and not character >= "\U00020000":
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False
